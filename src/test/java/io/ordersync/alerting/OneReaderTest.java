package io.ordersync.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Assignment;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OneReaderTest {

    private static final String TOPIC = "order-alerts";

    private final Map<String, Subscription> members = new HashMap<>();

    private void member(String id, int generation, int... owned) {
        members.put(
                id,
                new Subscription(
                        List.of(TOPIC),
                        null,
                        IntStream.of(owned)
                                .mapToObj(partition -> new TopicPartition(TOPIC, partition))
                                .toList(),
                        generation,
                        Optional.empty()));
    }

    /** How many partitions each gets. */
    private Map<String, Integer> assigned(int partitions) {
        Cluster cluster = new Cluster(
                "c",
                List.of(new Node(1, "localhost", 1)),
                IntStream.range(0, partitions)
                        .mapToObj(partition -> new PartitionInfo(TOPIC, partition, null, new Node[0], new Node[0]))
                        .toList(),
                Set.of(),
                Set.of());
        Map<String, Integer> counts = new HashMap<>();
        Map<String, Assignment> assignments =
                new OneReader().assign(cluster, new GroupSubscription(members)).groupAssignment();
        assignments.forEach(
                (id, assignment) -> counts.put(id, assignment.partitions().size()));
        return counts;
    }

    @Test
    void givesAllToOne() {
        member("a", -1);
        member("b", -1);

        assertThat(assigned(12)).containsOnly(Map.entry("a", 12), Map.entry("b", 0));
    }

    @Test
    void leavesThemWithWhoHasThem() {
        member("a", 4);
        member("b", 4, 0, 1, 2);

        assertThat(assigned(3)).containsOnly(Map.entry("a", 0), Map.entry("b", 3));
    }

    @Test
    void givesNewPartitionsToWhoHasTheOthers() {
        member("a", 4);
        member("b", 4, 0);

        assertThat(assigned(3)).containsEntry("b", 3);
    }

    @Test
    void givesAllToWhoHasMostOfThem() {
        member("a", 4, 0);
        member("b", 4, 1, 2);
        assertThat(assigned(3)).containsEntry("b", 3);

        members.clear();
        member("a", 4, 1, 2);
        member("b", 4, 0);
        assertThat(assigned(3)).containsEntry("a", 3);
    }

    @Test
    void doesNotBelieveWhoWasAway() {
        member("a", 2, 0, 1, 2);
        member("b", 5, 0, 1);

        assertThat(assigned(3)).containsOnly(Map.entry("a", 0), Map.entry("b", 3));
    }

    @Test
    void givesNothingWhereThereIsNoTopic() {
        member("a", -1);

        assertThat(assigned(0)).containsOnly(Map.entry("a", 0));
    }
}
