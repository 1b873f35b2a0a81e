package io.ordersync.faults;

import io.ordersync.dev.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ClassicGroupDescription;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.ClassicGroupState;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** One service, with topics of its own: its instances, and the traffic it has to do with. */
final class Deployment implements AutoCloseable {

    private static final long SEED = 20_261_122L;
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** How often an instance is stopped to find it within a transaction. */
    private static final int TRIES = 200;

    final Topics topics;
    final Admin admin;
    private final Site site;
    private final List<Instance> instances = new ArrayList<>();
    private String registryUrl;
    private @Nullable Traffic traffic;

    /** Makes the topics. */
    Deployment(Site site, String prefix, int partitions) {
        this.site = site;
        topics = new Topics(prefix, partitions);
        registryUrl = site.registry.url();
        admin = site.brokers.admin();
        topics.create(admin);
    }

    /** Instances made from now on reach the registry there. */
    Deployment registryAt(String url) {
        registryUrl = url;
        return this;
    }

    /** One more, not started yet. */
    Instance instance(String name) {
        Instance instance = new Instance(
                topics.prefix() + name,
                site.directory.resolve(topics.prefix() + name),
                topics.settings(site.brokers.bootstrapServers(), registryUrl));
        instances.add(instance);
        return instance;
    }

    /** Begins, and waits until each partition has been answered. The clocks of all agree. */
    Traffic traffic(double perSecond) {
        Traffic begun = trafficWhileNobodyAnswers(perSecond, true);
        begun.awaitAnswersFromNow();
        return begun;
    }

    /** Begins, and waits for nothing. */
    Traffic trafficWhileNobodyAnswers(double perSecond, boolean clocksAgree) {
        traffic =
                new Traffic(topics, site.brokers.bootstrapServers(), site.registry.url(), perSecond, SEED, clocksAgree);
        return traffic;
    }

    /** So many, started at once, and all ready with a share of the tasks. */
    List<Instance> startTogether(int count, String... settings) {
        List<Instance> together = IntStream.range(0, count)
                .mapToObj(each -> instance("instance-" + each).with(settings).start())
                .toList();
        together.forEach(Instance::awaitReady);
        awaitTasksOf(count);
        return together;
    }

    /** Waits until so many instances have tasks, and no other is taken for alive. */
    void awaitTasksOf(int count) {
        Awaitility.await()
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                // At first there is no group.
                .ignoreExceptionsMatching(e -> e.getCause() instanceof ExecutionException failure
                        && failure.getCause() instanceof GroupIdNotFoundException)
                .until(
                        this::tasksOfMembers,
                        tasks -> tasks.size() == count && tasks.stream().noneMatch(each -> each == 0));
    }

    /** How many the broker takes for alive. */
    int members() {
        return group().members().size();
    }

    private ClassicGroupDescription group() {
        return Answer.of(Objects.requireNonNull(admin.describeClassicGroups(List.of(topics.applicationId()))
                .describedGroups()
                .get(topics.applicationId())));
    }

    /** How many input partitions each of the group has; empty while it is shared out anew. */
    private List<Integer> tasksOfMembers() {
        ClassicGroupDescription group = group();
        return group.state() == ClassicGroupState.STABLE
                ? group.members().stream()
                        .map(member -> member.assignment().topicPartitions().size())
                        .toList()
                : List.of();
    }

    /** What the transactional ids of an instance that was started begin with. */
    String transactionsOf(Instance instance) {
        String client = "stream-client [" + topics.applicationId() + '-';
        String said = instance.process().said();
        int at = said.lastIndexOf(client);
        if (at < 0) {
            throw new IllegalStateException("its stream has not started:\n" + said);
        }
        return said.substring(at + client.length() - topics.applicationId().length() - 1, said.indexOf(']', at)) + '-';
    }

    /** Is a transaction open of which the id begins so? */
    boolean isOpen(String transactions) {
        return openTransactions().stream().anyMatch(id -> id.startsWith(transactions));
    }

    /**
     * Lets an instance stand still, wherever it is, until that is within a transaction: from there on it can't end it. Where
     * in the transaction that is, is a matter of chance.
     *
     * @return what its transactional ids begin with
     */
    String suspendWithinTransaction(Instance instance, Random random) {
        String transactions = transactionsOf(instance);
        for (int i = 0; i < TRIES; i++) {
            LockSupport.parkNanos(Duration.ofMillis(random.nextInt(200)).toNanos());
            instance.process().suspend();
            boolean open = isOpen(transactions);
            // What it had sent before it stood still may end the transaction yet: the second answer comes after that.
            open &= isOpen(transactions);
            if (open) {
                return transactions;
            }
            instance.process().resume();
        }
        throw new AssertionError("it was never within a transaction");
    }

    /** The transactional id that begins so. */
    TransactionDescription transaction(String transactions) {
        String id = Answer.of(admin.listTransactions().all()).stream()
                .map(TransactionListing::transactionalId)
                .filter(each -> each.startsWith(transactions))
                .findFirst()
                .orElseThrow();
        return Answer.of(admin.describeTransactions(List.of(id)).description(id));
    }

    /** The service's transactional ids whose transaction is open now. */
    List<String> openTransactions() {
        return Answer.of(admin.listTransactions(
                                new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
                        .all())
                .stream()
                .map(TransactionListing::transactionalId)
                .filter(id -> id.startsWith(topics.applicationId()))
                .toList();
    }

    @Override
    public void close() {
        if (traffic != null) {
            traffic.close();
        }
        // None waits for the other to leave the group.
        instances.stream().filter(Instance::isAlive).forEach(Instance::kill);
        instances.forEach(Instance::close);
        admin.close();
    }
}
