package io.ordersync;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.dev.DevRegistry;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.config.StreamsBuilderFactoryBean;

/** A service that waits at its start for what is not there says for what, and stops when it is told to. */
class StopWhileWaitingTest {

    @TempDir
    Path stateDirectory;

    @Test
    void forTheCluster() throws IOException {
        try (DevRegistry registry = new DevRegistry(0);
                ServerSocket silence = new ServerSocket(0)) {
            stopWhileWaiting("the cluster", "localhost:" + silence.getLocalPort(), registry.url());
        }
    }

    @Test
    void forTheRegistry() throws IOException {
        try (ServerSocket silence = new ServerSocket(0)) {
            String nobody = "localhost:" + silence.getLocalPort();
            stopWhileWaiting("the schema registry", nobody, "http://" + nobody);
        }
    }

    private void stopWhileWaiting(String what, String bootstrapServers, String registryUrl) {
        SpringApplication application = new SpringApplication(OrderSyncApplication.class);
        CompletableFuture<ConfigurableApplicationContext> started = new CompletableFuture<>();
        application.addListeners((ApplicationListener<ApplicationStartedEvent>)
                event -> started.complete(event.getApplicationContext()));
        CompletableFuture<ConfigurableApplicationContext> run = CompletableFuture.supplyAsync(() -> application.run(
                "--server.port=0",
                "--spring.main.banner-mode=off",
                "--spring.kafka.bootstrap-servers=" + bootstrapServers,
                "--spring.kafka.streams.state-dir=" + stateDirectory,
                "--order-sync.schema-registry.url=" + registryUrl));
        ConfigurableApplicationContext service = result(started);

        Health health = Health.of(service);
        ShopFloor.await()
                .until(() -> health.answer("/kafkaStreams")
                        .at("/details/waitingFor")
                        .asString("")
                        .equals(what));
        assertThat(health.status("/liveness")).isEqualTo("UP");
        assertThat(health.status("/readiness")).isEqualTo("OUT_OF_SERVICE");
        StreamsBuilderFactoryBean stream = service.getBean(StreamsBuilderFactoryBean.class);
        service.close();

        assertThat(result(run)).isSameAs(service);
        assertThat(stream.getKafkaStreams()).isNull();
    }

    private static <T> T result(CompletableFuture<T> future) {
        try {
            return future.get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
