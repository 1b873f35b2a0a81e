package io.ordersync.streams;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the transactions that stream threads left open which are gone, with their instance or alone. Whoever takes over can
 * read neither their offsets nor their changelogs before: the broker ends them too, but looks every 10 s only whether a
 * transaction has lasted too long. The orders of a thread that is no member of the group any more are another's, and what it
 * has not committed is done again there.
 *
 * <p>Looks while the stream rebalances, on a thread of its own.
 */
public final class AbandonedTransactions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AbandonedTransactions.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);
    /** Half a minute of looks: sessions and transactions have ended by then. Who still rebalances restores much, and looks less. */
    private static final int OFTEN = 60;
    /** Kafka Streams' process id, within the names that it makes of it. */
    private static final String PROCESS = "-(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})-";

    private final String group;
    private final Pattern transactionalId;
    private final Pattern clientId;
    private final Supplier<Admin> clients;
    private final Supplier<Set<String>> rebalancing;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("abandoned-transactions").daemon().factory());

    // Of the thread alone.
    private @Nullable Admin admin;
    private String lastFailure = "";
    private Set<String> lastOwn = Set.of();
    private int looks;

    /**
     * Does nothing yet.
     *
     * @param applicationId of the stream: its group, and what its transactional ids begin with
     * @param clients makes an admin client, once it is needed
     * @param rebalancing gives the client ids of this instance's members of the group while the stream rebalances, and none
     *     while it does not
     */
    public AbandonedTransactions(String applicationId, Supplier<Admin> clients, Supplier<Set<String>> rebalancing) {
        group = applicationId;
        transactionalId = Pattern.compile(Pattern.quote(applicationId) + PROCESS + "(\\d+)");
        clientId = Pattern.compile(Pattern.quote(applicationId) + PROCESS + "StreamThread-(\\d+)-consumer");
        this.clients = clients;
        this.rebalancing = rebalancing;
    }

    /** Looks from now on. */
    @SuppressWarnings("FutureReturnValueIgnored") // it ends with the thread
    public void start() {
        thread.scheduleWithFixedDelay(
                this::look, BETWEEN_LOOKS.toMillis(), BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        try {
            Set<String> own = rebalancing.get();
            if (!own.equals(lastOwn)) {
                lastOwn = own;
                looks = 0;
            }
            if (own.isEmpty()) {
                closeAdmin();
            } else if (looks++ < OFTEN || looks % 10 == 0) {
                Admin made = admin == null ? clients.get() : admin;
                admin = made;
                end(made, own);
            }
            lastFailure = "";
        } catch (RuntimeException | Error e) {
            // What is thrown from here would end all looks. Once of each failure: the next look is near.
            if (!thread.isShutdown() && !lastFailure.equals(e.toString())) {
                lastFailure = e.toString();
                LOG.warn("what instances left open that are gone stays open until the broker ends it", e);
            }
        }
    }

    /** The transactions first: who has one open then, and is no member afterwards, has gone meanwhile. */
    private void end(Admin asked, Set<String> own) {
        List<String> open = await(asked.listTransactions(
                                new ListTransactionsOptions().filterStates(List.of(TransactionState.ONGOING)))
                        .all())
                .stream()
                .map(TransactionListing::transactionalId)
                .filter(id -> transactionalId.matcher(id).matches())
                .toList();
        if (open.isEmpty()) {
            return;
        }
        Collection<MemberDescription> members = await(
                        asked.describeConsumerGroups(List.of(group)).all())
                .values()
                .iterator()
                .next()
                .members();
        if (members.stream().map(MemberDescription::clientId).noneMatch(own::contains)) {
            LOG.debug("who does not belong to the group can't tell who has left it");
            return;
        }
        Set<String> alive = new HashSet<>();
        for (MemberDescription member : members) {
            String owner = owner(clientId.matcher(member.clientId()));
            if (owner == null) {
                LOG.debug("whose transactions are open can't be told: clients have names of their own");
                return;
            }
            alive.add(owner);
        }
        List<String> abandoned = open.stream()
                .filter(id -> !alive.contains(owner(transactionalId.matcher(id))))
                .toList();
        if (!abandoned.isEmpty()) {
            await(asked.fenceProducers(abandoned).all());
            LOG.info("ended what was left open by who is gone: {}", abandoned);
        }
    }

    /** Process and thread. */
    private static @Nullable String owner(Matcher name) {
        return name.matches() ? name.group(1) + '-' + name.group(2) : null;
    }

    private static <T extends @Nullable Object> T await(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException(e);
        }
    }

    private void closeAdmin() {
        if (admin != null) {
            admin.close(Duration.ZERO);
            admin = null;
        }
    }

    /** Does not wait for a broker that does not answer. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (thread.awaitTermination(2, TimeUnit.SECONDS)) {
                closeAdmin();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
