package dev.fanfare.benchmarks.load;

/**
 * What one turn showed.
 *
 * @param deliveries a second, at the sessions that are counted
 * @param perCpuSecond deliveries per CPU-second of the node processes
 * @param foreign share of the machine's processors that other programs used meanwhile
 * @param residentKib memory of the node processes at the end; when idle, what one session adds
 * @param lost messages that sessions should have got and did not
 * @param wrong messages that came twice or out of order
 * @param ended sessions that were ended by the server
 */
record Result(
        double deliveries,
        double perCpuSecond,
        double p50,
        double p99,
        double p999,
        double foreign,
        double residentKib,
        long lost,
        long wrong,
        long ended) {

    /** Of a turn that failed, or was not wanted. */
    static final Result NONE =
            new Result(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, 0, 0, 0);
}
