package dev.fanfare.jakarta;

import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.HandlesTypes;
import jakarta.servlet.annotation.WebListener;
import jakarta.websocket.server.ServerApplicationConfig;
import jakarta.websocket.server.ServerEndpoint;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Hands the {@link Broadcast} classes that a container found in a WAR to its {@link BroadcastApplication}, and refuses a
 * WAR that has such classes and nobody who deploys them through a hub: the container would deploy them without a word,
 * as if the annotation was not there. Public because containers need it to be; not for use by applications.
 *
 * <p>Found by scanning containers in this module's {@code META-INF/services}; where nothing scans, it is not called.
 * Immutable.
 */
@HandlesTypes({Broadcast.class, ServerApplicationConfig.class})
public final class BroadcastScan implements ServletContainerInitializer {

    /** For containers. */
    public BroadcastScan() {}

    @Override
    public void onStartup(@Nullable Set<Class<?>> found, ServletContext application) throws ServletException {
        List<Class<?>> types = found == null ? List.of() : List.copyOf(found);
        List<Class<?>> endpoints =
                types.stream().filter(BroadcastScan::isEndpoint).toList();
        List<Class<?>> applications = concrete(types, BroadcastApplication.class);
        if (applications.size() > 1) {
            throw new ServletException("A WAR has one BroadcastApplication, not " + names(applications));
        }
        if (!applications.isEmpty()) {
            if (!applications.get(0).isAnnotationPresent(WebListener.class)) {
                throw new ServletException(names(applications) + " has to have the annotation @WebListener");
            }
            new Deployment(endpoints).announce(application);
        } else if (!endpoints.isEmpty()
                && concrete(types, ServerApplicationConfig.class).isEmpty()) {
            throw new ServletException(
                    names(endpoints) + ": @Broadcast has no effect on an endpoint that the container"
                            + " deploys by itself. Add a class to this WAR that extends "
                            + BroadcastApplication.class.getName()
                            + ", or a ServerApplicationConfig that leaves the endpoint out, and deploy it by WebSocketHub.endpoint");
        }
    }

    private static boolean isEndpoint(Class<?> type) {
        return type.isAnnotationPresent(Broadcast.class) && type.isAnnotationPresent(ServerEndpoint.class);
    }

    private static List<Class<?>> concrete(List<Class<?>> types, Class<?> kind) {
        return types.stream()
                .filter(type -> kind.isAssignableFrom(type) && !Modifier.isAbstract(type.getModifiers()))
                .toList();
    }

    private static String names(List<Class<?>> types) {
        return types.stream().map(Class::getName).sorted().collect(Collectors.joining(", "));
    }
}
