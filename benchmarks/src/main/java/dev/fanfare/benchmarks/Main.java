package dev.fanfare.benchmarks;

import dev.fanfare.benchmarks.load.LoadRunner;
import dev.fanfare.benchmarks.load.Options;
import java.util.Arrays;

/** {@code jmh ...} runs JMH with the arguments that follow; everything else are options of the load runner. */
public final class Main {

    private Main() {}

    /** Blocks until everything is measured. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("jmh")) {
            System.setProperty("java.class.path", ClassPath.ofThisProgram()); // which JMH hands on to the JVMs it forks
            org.openjdk.jmh.Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
        } else {
            new LoadRunner(Options.parse(arguments)).run();
        }
    }
}
