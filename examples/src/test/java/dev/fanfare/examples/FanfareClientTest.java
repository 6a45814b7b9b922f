package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.fanfare.LocalBroadcaster;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.TcpProxy;
import dev.fanfare.jakarta.WebSocketHub;
import jakarta.websocket.CloseReason;
import jakarta.websocket.OnMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.ServerEndpoint;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.glassfish.tyrus.server.TyrusServerContainer;
import org.glassfish.tyrus.spi.ServerContainerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What {@code fanfare.js} makes of frames, in the browser that is installed: the server sends whatever the page asks it for. */
@ExtendWith(ChromiumInstalled.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FanfareClientTest {

    /** Greets and answers pings; else it sends what it is sent, or closes with the code that it is sent. */
    @ServerEndpoint(value = "/scripted", subprotocols = WebSocketHub.SUBPROTOCOL)
    public static class Scripted {
        @OnMessage
        public void message(String text, Session session) throws IOException {
            if (text.startsWith("{\"type\":\"hello\"")) {
                session.getBasicRemote().sendText("{\"type\":\"hello\",\"session\":\"1\",\"spreadMillis\":2000}");
            } else if (text.equals("{\"type\":\"ping\"}")) {
                session.getBasicRemote().sendText("{\"type\":\"pong\"}");
            } else if (text.startsWith("{")) {
                session.getBasicRemote().sendText(text);
            } else {
                session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(Integer.parseInt(text)), "asked"));
            }
        }
    }

    /** The client as the page sees it, with what it tells and what it sends; chance is a half. */
    private static final String CONNECT = """
            window.told = [];
            window.frames = [];
            Math.random = () => 0.5;
            window.sockets = [];
            const Real = WebSocket;
            window.WebSocket = class extends Real {
              constructor(url, protocol) {
                super(url, protocol);
                if (url.endsWith('/scripted')) { sockets.push(this); } // else it is the page's own
              }
              send(data) { frames.push(data); super.send(data); }
              script(data) { super.send(data); }
            };
            const tell = (what) => (told) => {
              const shown = Object.assign({}, told);
              if (shown.data instanceof Uint8Array) { shown.data = Array.from(shown.data); }
              window.told.push(what + ' ' + JSON.stringify(shown));
            };
            window.states = [];
            window.client = fanfare.connect(URLS, {
              last: 7,
              quietMillis: QUIET,
              onMessage: tell('message'),
              onJoined: tell('joined'),
              onGap: tell('gap'),
              onState: (state) => {
                states.push(state.name + ' ' + state.url.replace(/^[^0-9]*([0-9]+).*$/, '$1') + ' ' + state.code
                  + ' ' + Math.round(state.retryMillis));
              },
            });
            """;

    private final WebSocketHub hub = WebSocketHub.create(LocalBroadcaster.create());
    private final TomcatContainer site = new TomcatContainer();
    private final ChromiumBrowser browser = new ChromiumBrowser();
    private final TyrusServerContainer server =
            (TyrusServerContainer) ServerContainerFactory.createServerContainer(Map.of());
    private TcpProxy other = TcpProxy.to("localhost", 1);
    private int pagePort;
    private int port;

    @BeforeAll
    void start() throws Exception {
        server.addEndpoint(Scripted.class);
        server.start("/", 0);
        port = server.getPort();
        other.redirect(port);
        // No endpoint: the page's own chat is not to be met here.
        pagePort = site.start(0, hub, List.of(), new Site(hub::stats, () -> List.of(port, other.port()), "redis-cli"));
    }

    @AfterAll
    void stop() {
        browser.close();
        hub.close();
        site.close();
        other.close();
        server.stop();
    }

    @BeforeEach
    void openAPage() {
        browser.open("http://localhost:" + pagePort + "/");
    }

    private void connect(int quietMillis, int... ports) {
        String urls = IntStream.of(ports)
                .mapToObj(to -> "'ws://localhost:" + to + "/scripted'")
                .collect(Collectors.joining(",", "[", "]"));
        browser.execute(CONNECT.replace("URLS", urls).replace("QUIET", Integer.toString(quietMillis)));
        Await.until("it is open", () -> states().contains("open " + ports[0] + " 0 0"));
    }

    private List<String> states() {
        return browser.strings("return states");
    }

    private List<String> told() {
        return browser.strings("return told");
    }

    /** The first frame of each connection. */
    private List<String> hellos() {
        return browser.strings("return frames.filter((frame) => frame.includes('hello'))");
    }

    private void serverSends(String... frames) {
        for (String frame : frames) {
            browser.execute("sockets[sockets.length - 1].script('" + frame + "')");
        }
    }

    private void serverCloses(int code) {
        browser.execute("sockets[sockets.length - 1].script('" + code + "')");
    }

    private static String message(String channel, String position, String data) {
        return "{\"type\":\"message\",\"channel\":\"%s\",\"position\":\"%s\",\"data\":\"%s\"}"
                .formatted(channel, position, data);
    }

    private void awaitTold(String... expected) {
        Await.until(List.of(expected) + ", not " + told(), () -> told().size() >= expected.length);
        assertEquals(List.of(expected), told());
    }

    private static String got(String channel, String position, String data) {
        return "message {\"channel\":\"%s\",\"position\":\"%s\",\"data\":\"%s\"}".formatted(channel, position, data);
    }

    @Test
    void whatCameBeforeIsDroppedByItsPosition() {
        String epoch = "1790000000000000123";
        connect(60_000, port);
        serverSends(
                message("x", epoch + "-9", "9"),
                message("x", epoch + "-10", "10"), // as texts, 10 comes before 9
                message("x", epoch + "-10", "again"),
                message("y", epoch + "-9", "elsewhere"),
                message("x", "1790000000000000124-1", "later"), // a number of JavaScript holds neither of the two
                message("x", epoch + "-9", "again"),
                "{\"type\":\"joined\",\"channel\":\"x\",\"resumed\":true,\"replayed\":5}",
                message("x", "1790000000000000124-2", "last"));
        awaitTold(
                got("x", epoch + "-9", "9"),
                got("x", epoch + "-10", "10"),
                got("y", epoch + "-9", "elsewhere"),
                got("x", "1790000000000000124-1", "later"),
                "joined {\"channel\":\"x\",\"again\":false,\"resumed\":true,\"replayed\":3,\"gap\":null,\"lost\":null}",
                got("x", "1790000000000000124-2", "last"));
    }

    @Test
    void theNextConnectionResumesFromTheLastPositionOfEachChannel() {
        connect(60_000, port);
        serverSends(
                message("x", "1-1", "a"),
                message("y", "1-5", "b"),
                message("x", "1-2", "c"),
                "{\"type\":\"joined\",\"channel\":\"z\",\"resumed\":false,\"replayed\":0,\"position\":\"1-7\"}",
                // Older than what came live before it.
                "{\"type\":\"joined\",\"channel\":\"x\",\"resumed\":false,\"replayed\":0,\"position\":\"0-9\"}",
                message("gone", "1-1", "d"),
                "{\"type\":\"left\",\"channel\":\"gone\"}");
        Await.until("told", () -> told().size() == 6);
        serverCloses(4000);
        Await.until("it is back", () -> hellos().size() == 2);
        assertEquals(
                List.of(
                        "{\"type\":\"hello\",\"positions\":{},\"last\":7}",
                        "{\"type\":\"hello\",\"positions\":{\"y\":\"1-5\",\"x\":\"1-2\",\"z\":\"1-7\"},\"last\":7}"),
                hellos());
        serverSends(
                message("x", "1-2", "again"),
                "{\"type\":\"joined\",\"channel\":\"x\",\"resumed\":true,\"replayed\":2,\"position\":\"1-2\"}");
        Await.until("told", () -> told().size() == 7);
        assertEquals(
                "joined {\"channel\":\"x\",\"again\":true,\"resumed\":true,\"replayed\":1,\"gap\":null,\"lost\":null}",
                told().get(6));
    }

    @Test
    void ofManyChannelsThoseThatMovedLastAreResumed() {
        connect(60_000, port);
        browser.execute("for (let i = 0; i < 101; i += 1) { sockets[sockets.length - 1].script(JSON.stringify("
                + "{ type: 'message', channel: 'c' + i, position: '1-1', data: '' })); }");
        serverSends(message("c0", "1-2", ""));
        Await.until("told", () -> told().size() == 102);
        serverCloses(4000);
        Await.until("it is back", () -> hellos().size() == 2);
        assertEquals(
                List.of("100", "undefined", "1-2"),
                browser.strings(
                        "const resumed = JSON.parse(frames.filter((frame) => frame.includes('hello'))[1]).positions;"
                                + "return [Object.keys(resumed).length, resumed.c1, resumed.c0].map(String)"));
    }

    @Test
    void gapsBytesAndWhatIsForThisClientAloneAreTold() {
        connect(60_000, port);
        serverSends(
                "{\"type\":\"gap\",\"channel\":\"x\",\"reason\":\"HISTORY_TRIMMED\",\"lost\":2}",
                "{\"type\":\"gap\",\"channel\":\"x\",\"reason\":\"RECONNECT\"}",
                "{\"type\":\"message\",\"channel\":\"x\",\"base64\":\"AP8H\"}",
                "{\"type\":\"something later\"}",
                "{\"type\":\"message\",\"data\":\"alone\"}",
                "{\"type\":\"joined\",\"channel\":\"x\",\"resumed\":false,\"replayed\":1,\"gap\":\"HISTORY_TRIMMED\","
                        + "\"lost\":2}");
        awaitTold(
                "gap {\"channel\":\"x\",\"reason\":\"HISTORY_TRIMMED\",\"lost\":2}",
                "gap {\"channel\":\"x\",\"reason\":\"RECONNECT\",\"lost\":null}",
                "message {\"channel\":\"x\",\"position\":null,\"data\":[0,255,7]}",
                "message {\"channel\":null,\"position\":null,\"data\":\"alone\"}",
                "joined {\"channel\":\"x\",\"again\":false,\"resumed\":false,\"replayed\":1,"
                        + "\"gap\":\"HISTORY_TRIMMED\",\"lost\":2}");
    }

    /** Chance is a half here: each wait is half of what it may be at most. */
    @Test
    void theNodesTakeTheirTurnsWithFullJitterAndOverTheServersSpreadWhenItSaysGoodbye() {
        connect(60_000, port, other.port());
        serverSends("{\"type\":\"gap\",\"channel\":\"x\",\"reason\":\"RECONNECT\"}"); // behind the server's hello
        Await.until("told", () -> told().size() == 1);
        serverCloses(1001);
        Await.until("it is on the other", () -> states().contains("open " + other.port() + " 0 0"));
        serverCloses(4000);
        Await.until("it is back", () -> states().size() == 8);
        assertEquals(
                List.of(
                        "connecting " + port + " 0 0",
                        "open " + port + " 0 0",
                        "waiting " + port + " 1001 1000",
                        "connecting " + other.port() + " 0 0",
                        "open " + other.port() + " 0 0",
                        "waiting " + other.port() + " 4000 …", // depends on how long it was there
                        "connecting " + port + " 0 0",
                        "open " + port + " 0 0"),
                states().stream()
                        .map(state -> state.replaceFirst(" 4000 .*", " 4000 …"))
                        .toList());
    }

    @Test
    void aNodeThatIsNotThereIsAskedLessAndLessOften() {
        connect(60_000, other.port());
        other.refuse();
        other.cut();
        Await.until("three attempts", () -> states().size() >= 7);
        other.accept();
        assertEquals(
                List.of(
                        "waiting " + other.port() + " 1006 250",
                        "waiting " + other.port() + " 1006 500",
                        "waiting " + other.port() + " 1006 1000"),
                states().stream()
                        .filter(state -> state.startsWith("waiting"))
                        .limit(3)
                        .toList());
    }

    @Test
    void aMistakeOfTheClientsEndsItForGood() {
        connect(60_000, port);
        serverCloses(1002);
        Await.until("closed", () -> states().contains("closed " + port + " 1002 0"));
        assertEquals(List.of("false"), browser.strings("return [String(client.send('x'))]"));
        assertEquals(3, states().size());
    }

    @Test
    void aServerThatIsQuietIsAskedAndOneThatIsThereAnswers() {
        connect(50, port);
        Await.until(
                "three pings",
                () -> browser.strings("return frames.filter((frame) => frame.includes('ping'))")
                                .size()
                        >= 3);
        assertEquals(2, states().size());
        browser.execute("client.close()");
        Await.until("closed", () -> states().contains("closed " + port + " 1000 0"));
    }
}
