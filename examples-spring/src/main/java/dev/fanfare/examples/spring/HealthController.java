package dev.fanfare.examples.spring;

import dev.fanfare.HubStats;
import dev.fanfare.jakarta.WebSocketHub;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** For load balancers: a node that does not reach Redis should get no visitors. */
@RestController
class HealthController {
    private final WebSocketHub hub;

    HealthController(WebSocketHub hub) {
        this.hub = hub;
    }

    @GetMapping("/health")
    ResponseEntity<String> health() {
        HubStats now = hub.stats();
        return ResponseEntity.status(now.connected() ? 200 : 503).body(now.sessions() + " sessions, " + now.state());
    }
}
