package dev.fanfare.examples;

import dev.fanfare.HubStats;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the chat serves besides its endpoints: the page, and {@code /health} for load balancers. Thread-safe. */
final class Site {
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int SERVICE_UNAVAILABLE = 503;

    /**
     * Nothing from elsewhere and nothing inline; {@code 'self'} covers the page's own WebSocket, and behind it stand the
     * other nodes, to which it goes on.
     */
    private static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; "
            + "img-src 'self'; connect-src 'self'%s; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
            + "require-trusted-types-for 'script'; trusted-types 'none'";

    /** A name or an address as it may stand in the policy: anybody can send any. */
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}]");

    private static final Map<String, String> PROTECTION = Map.of(
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Cross-Origin-Opener-Policy", "same-origin",
            "Cross-Origin-Resource-Policy", "same-origin");

    private static final Map<String, PageFile> FILES = Map.of(
            "/chat.js", PageFile.read("chat.js", "text/javascript;charset=utf-8"),
            "/fanfare/fanfare.js",
                    PageFile.read("/META-INF/resources/fanfare/fanfare.js", "text/javascript;charset=utf-8"),
            "/chat.css", PageFile.read("chat.css", "text/css;charset=utf-8"),
            "/favicon.svg", PageFile.read("favicon.svg", "image/svg+xml"));

    private final Supplier<HubStats> stats;
    private final Supplier<List<Integer>> nodes;
    private final PageFile page;

    /**
     * The site of a node.
     *
     * @param nodes the ports of all nodes on this host that are known
     * @param terminal the command that reaches the node's Redis, for whoever reads the page
     */
    Site(Supplier<HubStats> stats, Supplier<List<Integer>> nodes, String terminal) {
        this.stats = stats;
        this.nodes = nodes;
        this.page = PageFile.read("index.html", "text/html;charset=utf-8", Map.of("{{terminal}}", terminal));
    }

    Answer answer(Question question) {
        Answer answer = found(question);
        for (Map.Entry<String, String> header : PROTECTION.entrySet()) {
            answer = answer.with(header.getKey(), header.getValue());
        }
        answer = answer.with("Content-Security-Policy", CONTENT_SECURITY_POLICY.formatted(addresses(question)));
        return question.isHead() ? answer.withoutContent() : answer;
    }

    private Answer found(Question question) {
        PageFile file = question.path().equals("/") ? page : FILES.get(question.path());
        if (file == null && !question.path().equals("/health")) {
            return text(NOT_FOUND, "Not found; the chat is at /");
        }
        if (!question.isToRead()) {
            return text(METHOD_NOT_ALLOWED, "Only GET and HEAD").with("Allow", "GET, HEAD");
        }
        return file == null ? health(question.port()) : file.answer(question);
    }

    private List<Integer> others(int node) {
        return nodes.get().stream().filter(other -> other != node).distinct().toList();
    }

    private String addresses(Question question) {
        if (!HOST.matcher(question.host()).matches()) {
            return "";
        }
        return others(question.port()).stream()
                .map(port -> " http://%1$s:%2$d ws://%1$s:%2$d".formatted(question.host(), port))
                .collect(Collectors.joining());
    }

    /**
     * Ready when messages flow: a load balancer should send nobody to a node that does not reach Redis. Pages of other nodes
     * may read it: they are here because theirs is gone.
     */
    private Answer health(int node) {
        HubStats now = stats.get();
        int status = now.connected() ? OK : SERVICE_UNAVAILABLE;
        String json = "{\"connected\":%b,\"node\":%d,\"others\":%s,\"sessions\":%d}\n"
                .formatted(now.connected(), node, others(node).toString().replace(" ", ""), now.sessions());
        return notKept(Answer.of(status, "application/json", json)).with("Access-Control-Allow-Origin", "*");
    }

    private static Answer text(int status, String text) {
        return notKept(Answer.of(status, "text/plain;charset=utf-8", text + "\n"));
    }

    private static Answer notKept(Answer answer) {
        return answer.with("Cache-Control", "no-store");
    }
}
