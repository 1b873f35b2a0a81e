package io.ordersync.streams;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.dev.TestBroker;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("broker")
class SpacedProducerTest {

    private static final String TOPIC = "spaced";
    /** Longer than a commit takes here. */
    private static final Duration SPACE = Duration.ofMillis(500);

    private TestBroker broker;
    private SpacedProducer producer;

    @BeforeEach
    void start() {
        broker = TestBroker.start();
        broker.createTopics(1, TOPIC);
        producer = new SpacedProducer(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        broker.bootstrapServers(),
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG,
                        TOPIC,
                        // Nothing is sent that is not flushed.
                        ProducerConfig.LINGER_MS_CONFIG,
                        Math.toIntExact(Duration.ofMinutes(1).toMillis())),
                SPACE);
        producer.initTransactions();
    }

    @AfterEach
    void stop() {
        producer.close();
        broker.close();
    }

    @Test
    void leavesTheBrokerAMomentBetweenTwoTransactions() {
        flushOne();

        long committing = System.nanoTime();
        producer.commitTransaction();
        flushOne();

        assertThat(Duration.ofNanos(System.nanoTime() - committing)).isGreaterThanOrEqualTo(SPACE);
    }

    @Test
    void leavesItThatMomentAlsoWhenInterrupted() {
        flushOne();

        long committing = System.nanoTime();
        producer.commitTransaction();
        Thread.currentThread().interrupt();
        // The wait for the broker ends so; ours has passed by then.
        assertThatThrownBy(this::flushOne).isInstanceOf(InterruptException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - committing)).isGreaterThanOrEqualTo(SPACE);
        assertThat(Thread.interrupted()).isTrue();
    }

    private void flushOne() {
        producer.beginTransaction();
        Future<?> sent = producer.send(new ProducerRecord<>(TOPIC, new byte[1]));
        producer.flush();
        assertThat(sent).isDone();
    }
}
