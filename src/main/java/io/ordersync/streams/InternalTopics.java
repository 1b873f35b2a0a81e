package io.ordersync.streams;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service's own topics, and how many partitions they have. Over how many the orders are spread is settled at the first
 * start, and the strays' topic has as many ever after. Inputs may have any number, and get more at any time: Kafka Streams
 * makes a task for each partition of the widest, and wants as many in the changelogs.
 */
public final class InternalTopics {

    private static final Logger LOG = LoggerFactory.getLogger(InternalTopics.class);

    /** A stray may wait as long as a dead letter does (CONTRACT.md); Kafka's own default of 7 days is an outage's length. */
    private static final String RETENTION_MS = Long.toString(30L * 24 * 60 * 60 * 1000);

    /** The state was made with another number of partitions, or nobody knows with which. The message says what to do. */
    public static final class Refused extends RuntimeException {

        Refused(String message) {
            super(message);
        }
    }

    private final String applicationId;
    private final Set<String> required;
    private final Set<String> inputs;
    private final @Nullable Integer configured;
    private final short replicas;
    private final Map<String, String> settings;
    private volatile int partitions;

    /**
     * Asks nothing yet.
     *
     * @param applicationId of the stream: its topics begin with it
     * @param required the inputs that must be there
     * @param optional the other inputs
     * @param configured over how many partitions the orders are to be spread; null: as before, and at the first start over
     *     as many as the widest input has
     * @param replicas of topics that are made, as the changelogs have; -1: as many as the cluster makes by default
     * @param settings of topics that are made, as Kafka names them
     */
    public InternalTopics(
            String applicationId,
            Set<String> required,
            Set<String> optional,
            @Nullable Integer configured,
            short replicas,
            Map<String, String> settings) {
        this.applicationId = applicationId;
        this.required = Set.copyOf(required);
        this.inputs = new TreeSet<>(required);
        this.inputs.addAll(optional);
        this.configured = configured;
        this.replicas = replicas;
        this.settings = new HashMap<>(settings);
        this.settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
        this.settings.putIfAbsent(TopicConfig.RETENTION_MS_CONFIG, RETENTION_MS);
    }

    /** Where events go that came to another partition than their order's. */
    public Strays strays() {
        return new Strays(applicationId + "-strays", this::partitions);
    }

    /** See {@link OrderTopology}. */
    public String width() {
        return applicationId + "-width";
    }

    private int partitions() {
        if (partitions == 0) {
            throw new IllegalStateException("nobody has looked yet over how many partitions the orders are spread");
        }
        return partitions;
    }

    /**
     * Settles over how many partitions the orders are spread, and makes what is missing. To be called before the stream is
     * started, until nothing is waited for.
     *
     * @return the topics that are waited for: the required inputs, or one that was just made
     * @throws Refused when the state was made with another number
     * @throws AuthorizationException when the cluster does not allow it; the message names the right
     * @throws KafkaException when the cluster does not answer
     */
    public Set<String> prepare(Admin admin) {
        Map<String, Integer> known = counts(admin);
        Set<String> missing = new TreeSet<>(required);
        missing.removeAll(known.keySet());
        if (!missing.isEmpty()) {
            return missing;
        }
        Integer settled = known.get(strays().topic());
        if (settled == null) {
            int count = spread(known);
            create(admin, strays().topic(), count, new CreateTopicsOptions());
            LOG.info("orders are spread over {} partitions from now on", count);
            // Another instance may have been first, with another number.
            return Set.of(strays().topic());
        }
        if (configured != null && !configured.equals(settled)) {
            throw new Refused("order-sync.partitions is " + configured + ", and the orders are spread over " + settled
                    + " partitions, as " + strays().topic() + " has: they would be looked for where they are not; set "
                    + settled + ", or start with an application id of its own");
        }
        int state = widest(known, changelogs().stream());
        if (state > 0 && settled > state) {
            throw new Refused(strays().topic() + " has " + settled + " partitions, and the state " + state
                    + ": it was given more after the orders were spread over as many as it had; make it anew with that"
                    + " number, once nothing in it waits");
        }
        requireDeletion(admin);
        partitions = settled;
        widen(admin, known);
        for (String changelog : changelogs()) {
            if (!known.containsKey(changelog)) {
                // Kafka Streams makes it, and loses a thread if it may not.
                create(admin, changelog, settled, new CreateTopicsOptions().validateOnly(true));
            }
        }
        return Set.of();
    }

    /**
     * Gives the service's own topics as many partitions as the widest input has by now, if they have fewer.
     *
     * @throws AuthorizationException when the cluster does not allow it; the message names the right
     */
    public void widen(Admin admin) {
        widen(admin, counts(admin));
    }

    private void widen(Admin admin, Map<String, Integer> known) {
        int tasks = widest(known, Stream.concat(inputs.stream(), Stream.of(strays().topic(), width())));
        int state = widest(known, changelogs().stream());
        if (tasks < state) {
            // Kafka Streams refuses changelogs with more partitions than there are tasks.
            if (known.containsKey(width())) {
                increase(admin, width(), state);
            } else {
                create(admin, width(), state, new CreateTopicsOptions());
            }
        }
        for (String changelog : changelogs()) {
            Integer count = known.get(changelog);
            if (count != null && count < Math.max(tasks, state)) {
                increase(admin, changelog, Math.max(tasks, state));
            }
        }
    }

    private int spread(Map<String, Integer> known) {
        if (changelogs().stream().anyMatch(known::containsKey)) {
            throw new Refused("there is a state (" + String.join(", ", changelogs()) + ") and no " + strays().topic()
                    + ", whose partitions tell over how many the orders are spread; make that topic with the number it had,"
                    + " or start with an application id of its own");
        }
        return configured != null ? configured : widest(known, inputs.stream());
    }

    private static int widest(Map<String, Integer> known, Stream<String> topics) {
        return topics.map(topic -> known.getOrDefault(topic, 0))
                .max(Integer::compare)
                .orElse(0);
    }

    /** What Kafka Streams keeps the state in. */
    List<String> changelogs() {
        return List.of(
                applicationId + '-' + OrderTopology.ORDERS + "-changelog",
                applicationId + '-' + OrderTopology.TIMERS + "-changelog");
    }

    /** Of the topics that are there. */
    private Map<String, Integer> counts(Admin admin) {
        Set<String> topics = new TreeSet<>(inputs);
        topics.addAll(changelogs());
        Collections.addAll(topics, strays().topic(), width());
        Map<String, Integer> counts = new HashMap<>();
        admin.describeTopics(topics)
                .topicNameValues()
                .forEach((topic, description) -> description(description)
                        .ifPresent(there -> counts.put(topic, there.partitions().size())));
        return counts;
    }

    private static Optional<TopicDescription> description(KafkaFuture<TopicDescription> answer) {
        try {
            return Optional.of(await(answer));
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        }
    }

    private void create(Admin admin, String topic, int count, CreateTopicsOptions options) {
        NewTopic made = new NewTopic(topic, count, replicas).configs(settings);
        try {
            await(admin.createTopics(List.of(made), options).all());
        } catch (AuthorizationException e) {
            throw refused(AclOperation.CREATE, topic, e);
        } catch (TopicExistsException e) {
            LOG.debug("another instance has made {}", topic, e);
        }
    }

    private static void increase(Admin admin, String topic, int count) {
        try {
            await(admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(count)))
                    .all());
            LOG.info("{} has {} partitions from now on", topic, count);
        } catch (AuthorizationException e) {
            throw refused(AclOperation.ALTER, topic, e);
        } catch (InvalidPartitionsException e) {
            LOG.debug("another instance has given {} its partitions", topic, e);
        }
    }

    /** Kafka's own exception names neither. */
    private static AuthorizationException refused(AclOperation operation, String topic, AuthorizationException why) {
        return new AuthorizationException(Rights.named(operation, "topic " + topic), why);
    }

    /** Compacted, it would keep one event of each order. */
    private void requireDeletion(Admin admin) {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, strays().topic());
        Config config;
        try {
            config = Objects.requireNonNull(
                    await(admin.describeConfigs(List.of(topic)).all()).get(topic));
        } catch (AuthorizationException e) {
            LOG.warn(
                    "not allowed: {}. If it is compacted, events are lost (docs/security.md)",
                    Rights.named(AclOperation.DESCRIBE_CONFIGS, "topic " + strays().topic()));
            LOG.debug("the cluster refuses", e);
            return;
        }
        String policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value();
        if (policy.contains(TopicConfig.CLEANUP_POLICY_COMPACT)) {
            throw new Refused(
                    strays().topic() + " has cleanup.policy=" + policy + ": events would be lost; delete is needed");
        }
    }

    /** @throws KafkaException what the cluster answered, or that it did not */
    static <T> T await(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }
}
