package io.ordersync.streams;

import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * What the stream must be allowed to do while it runs (docs/security.md). Kafka says so only at the attempt, of one right at a
 * time and seldom of which, and not at all of a topic that is found by a pattern: hence the cluster is asked.
 */
public final class Rights {

    private final String applicationId;
    private final Map<String, Set<AclOperation>> topics = new TreeMap<>();

    /**
     * Asks nothing yet.
     *
     * @param applicationId of the stream: its group, and what its transactional ids begin with
     * @param inputs that are there, or may come
     * @param outputs without the service's own topics
     * @param internal the service's own
     */
    public Rights(
            String applicationId, Collection<String> inputs, Collection<String> outputs, InternalTopics internal) {
        this.applicationId = applicationId;
        inputs.forEach(topic -> topics.put(topic, EnumSet.of(AclOperation.READ)));
        outputs.forEach(topic -> topics.put(topic, EnumSet.of(AclOperation.WRITE)));
        topics.put(internal.width(), EnumSet.of(AclOperation.READ));
        topics.put(internal.strays().topic(), EnumSet.of(AclOperation.READ, AclOperation.WRITE));
        internal.changelogs().forEach(topic -> topics.put(topic, EnumSet.of(AclOperation.READ, AclOperation.WRITE)));
    }

    /** How a right is named. */
    static String named(AclOperation operation, String resource) {
        return operation + " " + resource;
    }

    /**
     * The rights that the cluster does not give, such as {@code READ topic refund-approved}. Of what is not there yet it tells
     * only whether it may be seen.
     *
     * @throws KafkaException when the cluster does not answer
     */
    public Set<String> missing(Admin admin) {
        Set<String> missing = new TreeSet<>();
        admin.describeTopics(topics.keySet(), new DescribeTopicsOptions().includeAuthorizedOperations(true))
                .topicNameValues()
                .forEach((topic, answer) -> addMissing(
                        missing,
                        "topic " + topic,
                        topics.getOrDefault(topic, Set.of()),
                        () -> InternalTopics.await(answer).authorizedOperations()));
        addMissing(
                missing,
                "group " + applicationId,
                Set.of(AclOperation.READ),
                () -> InternalTopics.await(admin.describeConsumerGroups(
                                        List.of(applicationId),
                                        new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true))
                                .describedGroups()
                                .values()
                                .iterator()
                                .next())
                        .authorizedOperations());
        // Any id of those that Kafka Streams makes up: nobody tells what may be done with one.
        String transactions = applicationId + '-';
        addMissing(missing, "transactionalId " + transactions + '*', Set.of(AclOperation.WRITE), () -> {
            InternalTopics.await(
                    admin.describeTransactions(List.of(transactions)).all());
            return null;
        });
        return missing;
    }

    private interface Question {

        /** What may be done; null: the cluster does not tell. */
        @Nullable
        Set<AclOperation> ask();
    }

    private static void addMissing(Set<String> missing, String resource, Set<AclOperation> needed, Question question) {
        Set<AclOperation> given;
        try {
            given = question.ask();
        } catch (UnknownTopicOrPartitionException | GroupIdNotFoundException | TransactionalIdNotFoundException e) {
            return;
        } catch (AuthorizationException e) {
            given = Set.of();
        }
        for (AclOperation operation : needed) {
            if (given != null && !given.contains(operation)) {
                missing.add(named(operation, resource));
            }
        }
    }
}
