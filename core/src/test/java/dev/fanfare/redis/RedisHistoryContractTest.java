package dev.fanfare.redis;

import dev.fanfare.Broadcaster;
import dev.fanfare.BroadcasterContract;
import dev.fanfare.fixtures.RedisForTests;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The contract with history on every channel, by the Function. */
class RedisHistoryContractTest extends BroadcasterContract {

    @Override
    protected List<? extends Broadcaster> nodes(int count) {
        return Stream.generate(() -> builder().build()).limit(count).toList();
    }

    RedisBroadcaster.Builder builder() {
        return RedisBroadcaster.builder()
                .uri(RedisForTests.uri())
                .history("contract-*", 100, Duration.ofMinutes(1))
                .linger(Duration.ofMillis(1));
    }
}
