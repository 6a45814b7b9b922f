package dev.fanfare.examples.spring;

import dev.fanfare.examples.room.Room;
import dev.fanfare.jakarta.HandshakeFilter;
import dev.fanfare.jakarta.WebSocketHub;
import dev.fanfare.redis.RedisBroadcaster;
import jakarta.websocket.server.ServerEndpointConfig;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.web.socket.server.standard.ServerEndpointExporter;

/** Rooms in Spring Boot. The endpoint class itself is no bean, or it would be deployed twice. */
@SpringBootApplication
public class RoomApplication {

    public static void main(String[] arguments) {
        SpringApplication.run(RoomApplication.class, arguments);
    }

    @Bean(destroyMethod = "close")
    WebSocketHub hub(@Value("${redis.url:redis://localhost:6379}") String redisUrl) {
        return WebSocketHub.create(RedisBroadcaster.connect(redisUrl));
    }

    @Bean
    ServerEndpointConfig room(WebSocketHub hub) {
        return hub.endpoint(Room.class);
    }

    @Bean
    ServerEndpointExporter endpoints() {
        return new ServerEndpointExporter();
    }

    @Bean
    HandshakeFilter handshakes(WebSocketHub hub) {
        return new HandshakeFilter(hub);
    }

    /** Beans are destroyed after the server has cut all connections; sessions get their 1001 (Going Away) before that. */
    @Bean
    ApplicationListener<ContextClosedEvent> goodbye(WebSocketHub hub) {
        return event -> hub.close();
    }
}
