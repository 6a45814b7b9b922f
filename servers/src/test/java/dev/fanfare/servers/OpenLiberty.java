package dev.fanfare.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Open Liberty with the features of a servlet container, WebSocket 2.1 and CDI 4.0. */
final class OpenLiberty extends Server {

    private static final Path HOME = Path.of(System.getProperty("openliberty.home"));
    private static final String SERVER_XML = """
            <server>
              <featureManager>
                <feature>servlet-6.0</feature><feature>websocket-2.1</feature><feature>cdi-4.0</feature>
              </featureManager>
              <httpEndpoint id="defaultHttpEndpoint" host="*" httpPort="%d" httpsPort="-1"/>
              <applicationMonitor updateTrigger="polled" pollingRate="500ms"/>
            </server>
            """;

    private final Path messages;

    static OpenLiberty start(String redis) {
        try {
            Path users = fresh(Path.of("target", "liberty"), Path.of("target", "none"))
                    .toAbsolutePath();
            Path server = users.resolve("servers/node");
            Files.createDirectories(server.resolve("dropins"));
            int port = freePort();
            Files.writeString(server.resolve("server.xml"), SERVER_XML.formatted(port));
            return new OpenLiberty(port, users, server, redis);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private OpenLiberty(int port, Path users, Path server, String redis) {
        super(
                port,
                users.resolve("out.log"),
                server.resolve("dropins"),
                List.of("sh", HOME.resolve("bin/server").toString(), "run", "node"),
                Map.of("WLP_USER_DIR", users.toString(), "REDIS_URL", redis));
        messages = server.resolve("logs/messages.log");
    }

    @Override
    String log() {
        return Files.exists(messages) ? read(messages) : super.log();
    }
}
