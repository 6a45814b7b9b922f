package dev.fanfare.jakarta;

import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpoint;
import jakarta.websocket.server.ServerEndpointConfig;
import jakarta.websocket.server.ServerEndpointConfig.Configurator;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.Principal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * Leaves the handshake to the application's configurator, or to the container, and gives each session an endpoint
 * around its own instance of the annotated class.
 */
final class EndpointConfigurator extends Configurator {

    private static final Logger LOG = System.getLogger(EndpointConfigurator.class.getName());
    /** The user property by which a handshake tells its session what is known of it. */
    private static final String SEEN = "dev.fanfare.jakarta.handshake";

    /**
     * What is known of a handshake when it becomes a session.
     *
     * @param refusal why it is refused, or null
     * @param checked whether the filter asked the application already
     */
    private record Seen(
            @Nullable RefusedHandshakeException refusal,
            boolean checked,
            @Nullable Principal principal,
            Map<String, List<String>> headers) {}

    private final WebSocketHub hub;
    private final EndpointModel model;
    private final Instances<?> instances;
    private final @Nullable Configurator declared;

    private EndpointConfigurator(
            WebSocketHub hub, EndpointModel model, Instances<?> instances, @Nullable Configurator declared) {
        this.hub = hub;
        this.model = model;
        this.instances = instances;
        this.declared = declared;
    }

    /** The configuration of {@code type}, whose instances come from {@code given} or, if that is null, from the class. */
    static ServerEndpointConfig config(WebSocketHub hub, Class<?> type, @Nullable Instances<?> given) {
        ServerEndpoint annotation = type.getAnnotation(ServerEndpoint.class);
        if (annotation == null) {
            throw new IllegalArgumentException(type.getName() + " has no @ServerEndpoint");
        }
        EndpointModel model = EndpointModel.of(type, annotation);
        Configurator declared = declared(annotation);
        Instances<?> instances = given == null ? Instances.of(type, hub, declared) : given;
        hub.admissions().add(model.admission());
        keep(hub, type, model.admission().channel());
        // The class must be ours: Jetty lets the configurator in the annotation of the user's beat the one given here.
        return ServerEndpointConfig.Builder.create(AnnotatedEndpoint.class, annotation.value())
                .subprotocols(Arrays.asList(annotation.subprotocols()))
                .decoders(Arrays.asList(annotation.decoders()))
                .encoders(Arrays.asList(annotation.encoders()))
                .configurator(new EndpointConfigurator(hub, model, instances, declared))
                .build();
    }

    private static void keep(WebSocketHub hub, Class<?> type, @Nullable ChannelTemplate template) {
        String channel = template == null ? null : template.constant();
        if (channel != null) {
            hub.keep(channel).whenComplete((kept, cause) -> {
                if (cause != null && !(cause instanceof CancellationException)) {
                    LOG.log(
                            Level.WARNING,
                            "Channel " + channel + " of " + type.getName() + " was not subscribed",
                            cause);
                }
            });
        }
    }

    /** Ours also if the application's configurator knows none: browsers end a connection without one that they asked for. */
    @Override
    public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
        String chosen = declared == null
                ? super.getNegotiatedSubprotocol(supported, requested)
                : declared.getNegotiatedSubprotocol(supported, requested);
        boolean ours = supported.contains(WebSocketHub.SUBPROTOCOL) && requested.contains(WebSocketHub.SUBPROTOCOL);
        return ours && (chosen == null || chosen.isEmpty()) ? WebSocketHub.SUBPROTOCOL : chosen;
    }

    /** None by default: permessage-deflate, which Tomcat and Jetty accept by themselves, costs 150 to 300 KB a session. */
    @Override
    public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
        if (declared != null) {
            return declared.getNegotiatedExtensions(installed, requested);
        }
        if (!hub.admissions().deflate() || installed.stream().noneMatch(EndpointConfigurator::isDeflate)) {
            return List.of();
        }
        return requested.stream()
                .filter(EndpointConfigurator::isDeflate)
                .limit(1)
                .toList();
    }

    private static boolean isDeflate(Extension extension) {
        return extension.getName().equals("permessage-deflate");
    }

    @Override
    public boolean checkOrigin(String origin) {
        return declared == null ? super.checkOrigin(origin) : declared.checkOrigin(origin);
    }

    @Override
    public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
        if (declared != null) {
            declared.modifyHandshake(config, request, response);
        }
        // Only here there are headers, and here nothing can be refused any more, if no filter did it before.
        // The properties are those of this handshake, and its session's.
        RefusedHandshakeException refusal = null;
        try {
            hub.admissions().origins().check(header(request, "Origin"), header(request, "Host"));
        } catch (RefusedHandshakeException e) {
            refusal = e;
        }
        boolean checked = hub.admissions().isChecked();
        config.getUserProperties()
                .put(
                        SEEN,
                        new Seen(
                                refusal,
                                checked,
                                checked ? null : request.getUserPrincipal(),
                                checked ? Map.of() : Map.copyOf(request.getHeaders())));
    }

    private static @Nullable String header(HandshakeRequest request, String name) {
        List<String> values = request.getHeaders().get(name);
        return values == null || values.isEmpty() ? null : values.get(0);
    }

    /**
     * The channel that {@code session} joins, or null if its endpoint has none.
     *
     * @throws RefusedHandshakeException if its handshake must not become a session
     */
    static @Nullable String admit(WebSocketHub hub, Admission admission, Session session, Query query)
            throws RefusedHandshakeException {
        Seen seen = session.getUserProperties().remove(SEEN) instanceof Seen known
                ? known
                : new Seen(null, false, session.getUserPrincipal(), Map.of());
        if (seen.refusal() != null) {
            throw seen.refusal();
        }
        Map<String, String> variables = session.getPathParameters();
        String channel = admission.admit(variables, query);
        if (!seen.checked()) {
            hub.admissions()
                    .authorize(new Handshake(
                            seen.principal(), seen.headers(), admission.path().of(variables), query.all(), channel));
        }
        return channel;
    }

    @Override
    public <T> T getEndpointInstance(Class<T> type) {
        // The application's own instance comes with the session: Jetty and Open Liberty ask here while the handshake
        // may
        // still fail, and nobody would tell of its end.
        return type.cast(new AnnotatedEndpoint(hub, model, instances));
    }

    private static @Nullable Configurator declared(ServerEndpoint annotation) {
        Class<? extends Configurator> declared = annotation.configurator();
        if (declared == Configurator.class || declared == Broadcast.Guard.class) {
            return null;
        }
        try {
            return Instances.of(declared, "Configurator").create();
        } catch (InstantiationException e) {
            throw new IllegalArgumentException("Configurator " + declared.getName() + " cannot be instantiated", e);
        }
    }
}
