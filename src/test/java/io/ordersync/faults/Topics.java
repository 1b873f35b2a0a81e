package io.ordersync.faults;

import io.ordersync.dev.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;

/**
 * The topics of one service beside those of others, and what an instance of it has to be told.
 *
 * @param prefix of each name, and of the service's own
 * @param partitions of each topic
 */
record Topics(String prefix, int partitions) {

    static final String REFUNDS = "refund-approved";
    static final String CLOSES = "refund-closed";
    static final String PARCELS = "shipment-created";
    static final String SCANS = "shipment-status";
    static final String LOCK_RESULTS = "warehouse-lock-results";
    static final String INTERCEPT_RESULTS = "intercept-results";
    static final String LOCKS = "warehouse-lock-commands";
    static final String INTERCEPTS = "intercept-shipment-commands";
    static final String ALERTS = "order-alerts";
    static final String CASES = "order-cases";
    static final String DEAD_LETTERS = "order-sync-dead-letters";

    static final List<String> INPUTS = List.of(
            REFUNDS, PARCELS, CLOSES, "shipment-voided", SCANS, LOCK_RESULTS, INTERCEPT_RESULTS, "case-resolutions");
    static final List<String> OUTPUTS = List.of(LOCKS, INTERCEPTS, ALERTS, CASES, DEAD_LETTERS);

    /** The service's group, and the beginning of its transactional ids. */
    String applicationId() {
        return prefix + "order-sync";
    }

    String name(String topic) {
        return prefix + topic;
    }

    /** Which of the contract's topics it is. */
    String plain(String name) {
        return name.substring(prefix.length());
    }

    List<TopicPartition> all(List<String> topics) {
        return topics.stream()
                .flatMap(topic -> IntStream.range(0, partitions)
                        .mapToObj(partition -> new TopicPartition(name(topic), partition)))
                .toList();
    }

    /** Makes them all, as the cluster makes topics. */
    void create(Admin admin) {
        List<NewTopic> topics = Stream.concat(INPUTS.stream(), OUTPUTS.stream())
                .map(topic -> new NewTopic(name(topic), partitions, (short) -1))
                .toList();
        Answer.of(admin.createTopics(topics).all());
    }

    /** What an instance of the service is told on its command line. */
    List<String> settings(String bootstrapServers, String registryUrl) {
        List<String> settings = new ArrayList<>(List.of(
                "--spring.kafka.bootstrap-servers=" + bootstrapServers,
                "--spring.kafka.streams.application-id=" + applicationId(),
                "--order-sync.schema-registry.url=" + registryUrl,
                "--order-sync.policy.intercept-answer-within=" + Story.ANSWER_WITHIN.toSeconds() + "s"));
        Stream.concat(INPUTS.stream(), OUTPUTS.stream())
                .map(topic -> "--order-sync.topics." + topic.replace("order-sync-", "") + '=' + name(topic))
                .forEach(settings::add);
        return settings;
    }
}
