package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.RedisServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@ValueSource(strings = {"tomcat", "jetty", "undertow", "tyrus"})
class SiteTest {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @Parameter
    String container = "";

    private static RedisServer redis;
    private static ChatServer server;
    private static int port;

    // Once for each container; @BeforeAll would run once, before there is a parameter.
    @BeforeParameterizedClassInvocation
    static void start(String name) throws Exception {
        redis = RedisServer.start();
        Map<String, String> environment =
                Map.of("PORT", "0", "NODES", "7777", "REDIS_URL", redis.uri(), "CONTAINER", name);
        server = new ChatServer(Settings.of(environment));
        server.start();
        server.ready().get(10, TimeUnit.SECONDS);
        port = server.ports().get(0);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        server.close();
        redis.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/            | text/html;charset=utf-8",
                "/chat.js     | text/javascript;charset=utf-8",
                "/fanfare/fanfare.js | text/javascript;charset=utf-8",
                "/chat.css    | text/css;charset=utf-8",
                "/favicon.svg | image/svg+xml"
            })
    void servesThePageUnderAStrictPolicy(String path, String type) {
        HttpResponse<String> response = get(port, path);

        assertEquals(200, response.statusCode());
        assertEquals(type, header(response, "Content-Type"));
        assertEquals("nosniff", header(response, "X-Content-Type-Options"));
        assertEquals("no-referrer", header(response, "Referrer-Policy"));
        assertEquals("no-cache", header(response, "Cache-Control"));
        String policy = header(response, "Content-Security-Policy");
        assertTrue(policy.startsWith("default-src 'none'; script-src 'self'; style-src 'self';"), policy);
        assertTrue(policy.contains("; connect-src 'self' http://localhost:7777 ws://localhost:7777; "), policy);
        assertFalse(policy.contains("unsafe"), policy);
    }

    @Test
    void thePageFetchesNothingFromElsewhere() {
        String page = get(port, "/").body().replace(">redis-cli -u " + redis.uri() + " PUBLISH ", "");
        assertFalse(page.contains("//"), "no address of another host");
        assertFalse(get(port, "/chat.css").body().contains("url("), "no address at all");
    }

    @Test
    void thePageShowsHowATerminalReachesTheRedisOfItsNode() {
        assertTrue(get(port, "/")
                .body()
                .contains(">redis-cli -u " + redis.uri() + " PUBLISH <span id=\"channel\">chat</span> hello<"));
        Site guarded = new Site(
                () -> {
                    throw new AssertionError("the page needs none");
                },
                List::of,
                RedisAddress.of("redis://a&b:secret@redis.example").terminal());
        String page = new String(
                guarded.answer(new Question("GET", "/", null, "localhost", 1)).content(), StandardCharsets.UTF_8);
        assertTrue(page.contains(">redis-cli -u redis://redis.example --user 'a&amp;b' --askpass PUBLISH <"), page);
        assertFalse(page.contains("secret"), page);
    }

    /** Java's own client lets nobody set the host. */
    @Test
    void aHostThatIsNoneGetsNothingIntoThePolicy() throws IOException {
        for (String host : List.of("*", "x;script-src", "a'b", "evil.example")) {
            String policy = policyFor(host);
            assertEquals(
                    host.equals("evil.example"),
                    policy.contains("connect-src 'self' http://evil.example:7777 ws://evil.example:7777; "),
                    policy);
            assertFalse(policy.contains(host + ":7777") && !host.equals("evil.example"), policy);
        }
    }

    /** The answer's policy; empty if the container refuses the host by itself. */
    private static String policyFor(String host) throws IOException {
        try (Socket socket = new Socket("localhost", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET /health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
            return answer.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-security-policy:"))
                    .findFirst()
                    .orElse("");
        }
    }

    @Test
    void answersNotModifiedToABrowserThatHasTheFile() {
        String tag = header(get(port, "/chat.js"), "ETag");

        HttpResponse<String> again = send(request(port, "/chat.js").header("If-None-Match", tag));

        assertEquals(304, again.statusCode());
        assertEquals("", again.body());
    }

    @Test
    void answersHeadLikeGetWithoutTheContent() {
        HttpResponse<String> head = send(request(port, "/").method("HEAD", BodyPublishers.noBody()));

        assertEquals(200, head.statusCode());
        assertEquals("", head.body());
        assertEquals(header(get(port, "/"), "Content-Length"), header(head, "Content-Length"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/index.html", "/chat", "/nothing", "/page/index.html", "/WEB-INF/web.xml", "/..%2f"})
    void doesNotKnowOtherPaths(String path) {
        int status = get(port, path).statusCode();

        assertTrue(status == 404 || (status == 400 && path.contains("%2f")), "status " + status);
    }

    @Test
    void refusesOtherMethods() {
        HttpResponse<String> response = send(request(port, "/").POST(BodyPublishers.ofString("x")));

        assertEquals(405, response.statusCode());
        assertEquals("GET, HEAD", header(response, "Allow"));
    }

    @Test
    void isReadyWhileItReachesRedisAndOnlyThen() {
        assertEquals(200, get(port, "/health").statusCode());
        assertEquals("{\"connected\":true,\"node\":" + port + ",\"others\":[7777],\"sessions\":0}\n", health(port));
        assertEquals("no-store", header(get(port, "/health"), "Cache-Control"));

        redis.kill();
        Await.until("not ready", () -> get(port, "/health").statusCode() == 503);
        assertTrue(health(port).contains("\"connected\":false"));

        redis.restart();
        Await.until("ready again", () -> get(port, "/health").statusCode() == 200);
    }

    static String health(int port) {
        return get(port, "/health").body();
    }

    private static HttpResponse<String> get(int port, String path) {
        return send(request(port, path));
    }

    private static HttpRequest.Builder request(int port, String path) {
        return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }
}
