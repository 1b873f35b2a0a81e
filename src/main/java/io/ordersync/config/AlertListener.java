package io.ordersync.config;

import io.ordersync.alerting.Relay;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.EventListener;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.event.ConsumerRetryAuthEvent;
import org.springframework.kafka.event.ConsumerRetryAuthSuccessfulEvent;
import org.springframework.kafka.event.ListenerContainerIdleEvent;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;
import org.springframework.kafka.listener.MessageListenerContainer;

/** Listens to the alerts for one channel; there is one for each, with a consumer group of its own. */
final class AlertListener implements ConsumerAwareRebalanceListener, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AlertListener.class);

    private final Relay relay;
    private final String topic;
    private final String groupId;
    private final KafkaListenerEndpointRegistry containers;
    private volatile @Nullable String refusal;

    AlertListener(Relay relay, String topic, String groupId, KafkaListenerEndpointRegistry containers) {
        this.relay = relay;
        this.topic = topic;
        this.groupId = groupId;
        this.containers = containers;
    }

    public String topic() {
        return topic;
    }

    public String groupId() {
        return groupId;
    }

    /** Of its container. */
    public String id() {
        return "alerts-" + relay.channel();
    }

    Relay relay() {
        return relay;
    }

    @KafkaListener(
            id = "#{__listener.id()}",
            idIsGroup = false,
            groupId = "#{__listener.groupId()}",
            topics = "#{__listener.topic()}",
            batch = "true",
            containerFactory = AlertingConfiguration.CONTAINERS)
    public void read(List<ConsumerRecord<byte[], byte[]>> records, Consumer<?, ?> consumer) {
        relay.take(records);
        work(consumer);
    }

    /** Nothing came: what waits for its time, or for its channel, may be told by now. On the thread of the consumer. */
    @EventListener
    public void idle(ListenerContainerIdleEvent idle) {
        if (isOurs(idle.getContainer(MessageListenerContainer.class))) {
            work(idle.getConsumer());
        }
    }

    /** Spring tries again, and tells a stack trace of it. */
    @EventListener
    public void refused(ConsumerRetryAuthEvent refused) {
        if (!isOurs(refused.getContainer(MessageListenerContainer.class))) {
            return;
        }
        String needed = refused.getReason() == ConsumerRetryAuthEvent.Reason.AUTHENTICATION
                ? "the cluster does not let us in"
                : "not allowed: READ topic " + topic + " and READ group " + groupId + " are needed";
        if (!needed.equals(refusal)) {
            LOG.atError().addKeyValue("channel", relay.channel()).log("alerts wait: {} (docs/security.md)", needed);
        }
        refusal = needed;
    }

    @EventListener
    public void allowed(ConsumerRetryAuthSuccessfulEvent allowed) {
        if (isOurs(allowed.getContainer(MessageListenerContainer.class))) {
            refusal = null;
        }
    }

    /** Events name the container within the container that has our id. */
    private boolean isOurs(MessageListenerContainer container) {
        return id().equals(container.getListenerId());
    }

    private void work(Consumer<?, ?> consumer) {
        try {
            relay.work(consumer);
        } catch (RuntimeException e) {
            // What was read is with the relay: it is not to be read again, and the next call goes on.
            LOG.atError().addKeyValue("channel", relay.channel()).setCause(e).log("alerts wait");
        }
        MessageListenerContainer container = container();
        if (relay.isFull()) {
            container.pause();
        } else if (container.isPauseRequested()) {
            container.resume();
        }
    }

    private MessageListenerContainer container() {
        return Objects.requireNonNull(containers.getListenerContainer(id()));
    }

    /** The channel's, unless nobody reads for it: it is refused, or something failed that is not tried again. */
    Relay.Status status() {
        Relay.Status status = relay.status();
        MessageListenerContainer container = containers.getListenerContainer(id());
        boolean reads = container != null && container.isRunning() && container.isInExpectedState();
        String failure = reads ? refusal : "the consumer has stopped";
        return failure == null
                ? status
                : new Relay.Status(status.pending(), status.oldest(), failure, status.circuit());
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        relay.assigned(consumer, partitions);
    }

    @Override
    public void onPartitionsRevokedBeforeCommit(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        relay.revoked(consumer, partitions);
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> partitions) {
        relay.lost(partitions);
    }

    @Override
    public void close() {
        relay.close();
    }
}
