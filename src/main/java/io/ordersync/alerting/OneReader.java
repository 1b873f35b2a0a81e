package io.ordersync.alerting;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.TopicPartition;

/**
 * Gives all partitions to one member of the group, to the one that has them already. A channel has one limit, one order and
 * one message for a group of alerts, however many instances there are; the others stand by.
 */
public final class OneReader implements ConsumerPartitionAssignor {

    private static final Comparator<Map.Entry<String, Subscription>> WHO_HAS_THEM = Comparator.comparingInt(
                    // Who was away still claims what it had: in an older generation of the group.
                    (Map.Entry<String, Subscription> member) ->
                            member.getValue().ownedPartitions().isEmpty()
                                    ? -1
                                    : member.getValue().generationId().orElse(-1))
            .thenComparingInt(member -> member.getValue().ownedPartitions().size())
            // Any, but the same one for whoever asks.
            .thenComparing(Map.Entry::getKey, Comparator.reverseOrder());

    @Override
    public String name() {
        return "order-sync-one";
    }

    /** Who keeps its partitions need not give them back first. */
    @Override
    public List<RebalanceProtocol> supportedProtocols() {
        return List.of(RebalanceProtocol.COOPERATIVE, RebalanceProtocol.EAGER);
    }

    @Override
    public GroupAssignment assign(Cluster cluster, GroupSubscription group) {
        Map<String, Subscription> members = group.groupSubscription();
        Map<String, Assignment> assignments = new HashMap<>();
        members.keySet().forEach(member -> assignments.put(member, new Assignment(List.of())));
        members.entrySet().stream().max(WHO_HAS_THEM).ifPresent(one -> {
            Set<String> topics = new TreeSet<>(one.getValue().topics());
            List<TopicPartition> all = new ArrayList<>();
            topics.forEach(topic -> {
                Integer count = cluster.partitionCountForTopic(topic);
                for (int partition = 0; count != null && partition < count; partition++) {
                    all.add(new TopicPartition(topic, partition));
                }
            });
            assignments.put(one.getKey(), new Assignment(all));
        });
        return new GroupAssignment(assignments);
    }
}
