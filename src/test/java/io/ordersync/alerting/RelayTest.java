package io.ordersync.alerting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ordersync.alerting.RelayListener.Outcome;
import io.ordersync.contract.AlertSeverity;
import io.ordersync.contract.OrderAlert;
import io.ordersync.vendors.Reply;
import io.ordersync.vendors.Vendor;
import io.ordersync.vendors.VendorApi;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a channel is told of a row of records, and what of it is committed; Kafka's own stand-in for a consumer has the log. */
@Timeout(60)
class RelayTest {

    private static final TopicPartition P = new TopicPartition(Told.TOPIC, 0);

    private final Vendor vendor = new Vendor(VendorApi.WEBHOOK);
    private final Vendor chat = new Vendor(VendorApi.SLACK);
    private final Log consumer = new Log();
    private final Map<Outcome, Integer> outcomes = new HashMap<>();
    private final List<String> aside = new ArrayList<>();
    private final Map<Integer, OrderAlert> alerts = new HashMap<>();
    private final List<Relay> relays = new ArrayList<>();
    private boolean registryIsThere = true;
    private boolean asideFails;

    /** Kafka's, and a cluster that may be away. */
    private static final class Log extends MockConsumer<byte[], byte[]> {

        private boolean away;

        Log() {
            super("earliest");
        }

        @Override
        public synchronized void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
            requireThere();
            super.commitSync(offsets, timeout);
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
            requireThere();
            return super.committed(partitions);
        }

        private void requireThere() {
            if (away) {
                throw new TimeoutException("the coordinator is away");
            }
        }

        @Nullable
        OffsetAndMetadata position() {
            return super.committed(Set.of(P)).get(P);
        }
    }

    @BeforeEach
    void assign() {
        consumer.assign(Set.of(P));
        consumer.updateBeginningOffsets(Map.of(P, 0L));
        consumer.updateEndOffsets(Map.of(P, 0L));
        consumer.commitSync(Map.of(P, new OffsetAndMetadata(0)), Duration.ZERO);
    }

    @AfterEach
    void close() {
        relays.forEach(Relay::close);
        vendor.close();
        chat.close();
    }

    private Relay relay(ChannelKind kind, boolean tellsResolved, Duration interval, Route... routes) {
        Vendor to = kind == ChannelKind.WEBHOOK ? vendor : chat;
        ChannelSettings settings = new ChannelSettings(
                "the-channel",
                kind,
                URI.create(to.url()),
                kind == ChannelKind.WEBHOOK ? to.secret() : null,
                Map.of(),
                null,
                Language.EN,
                ZoneId.of("UTC"),
                routes.length == 0 ? List.of(Route.ALL) : List.of(routes),
                new Grouping(Set.of(), Duration.ZERO, interval),
                tellsResolved,
                new ChannelKind.RateLimit(1_000, Duration.ofSeconds(1)),
                Duration.ofSeconds(5),
                Duration.ofMillis(10),
                Duration.ofMillis(50),
                100,
                Duration.ofHours(1));
        AlertReader reader = new AlertReader() {
            @Override
            public boolean isReadable(byte[] value) {
                return registryIsThere;
            }

            @Override
            public @Nullable OrderAlert read(byte[] value) {
                return alerts.get(ByteBuffer.wrap(value).getInt());
            }
        };
        RelayListener listener = new RelayListener() {
            @Override
            public void done(String channel, Outcome outcome) {
                outcomes.merge(outcome, 1, Integer::sum);
            }

            @Override
            public void told(String channel, Duration sinceRecord) {
                assertThat(sinceRecord).isGreaterThanOrEqualTo(Duration.ZERO);
            }
        };
        Undelivered undelivered = (record, channel, reason) -> {
            if (asideFails) {
                throw new TimeoutException("no such topic");
            }
            aside.add(record.offset() + " " + reason);
        };
        Relay relay = new Relay(settings, reader, undelivered, listener, Resilience.empty(), Clock.systemUTC());
        relays.add(relay);
        relay.assigned(consumer, Set.of(P));
        return relay;
    }

    /** A record of {@code alert}; null: one that can't be read. */
    private ConsumerRecord<byte[], byte[]> record(long offset, @Nullable OrderAlert alert) {
        int number = (int) offset;
        if (alert != null) {
            alerts.put(number, alert);
        }
        return new ConsumerRecord<>(
                Told.TOPIC,
                0,
                offset,
                System.currentTimeMillis(),
                TimestampType.CREATE_TIME,
                0,
                0,
                new byte[0],
                ByteBuffer.allocate(4).putInt(number).array(),
                new RecordHeaders(),
                Optional.empty());
    }

    private void tell(Relay relay, long offset, @Nullable OrderAlert alert) {
        relay.take(List.of(record(offset, alert)));
        relay.work(consumer);
    }

    private void awaitCommitted(Relay relay, long offset) {
        Awaitility.await().pollInterval(Duration.ofMillis(1)).until(() -> {
            relay.work(consumer);
            OffsetAndMetadata position = consumer.position();
            return position != null && position.offset() == offset;
        });
    }

    @Test
    void commitsWhatWasTold() {
        Relay relay = relay(ChannelKind.WEBHOOK, true, Duration.ZERO);
        tell(relay, 0, Told.race("A").build());
        tell(relay, 1, Told.race("B").build());

        awaitCommitted(relay, 2);
        assertThat(vendor.taken()).hasSize(2);
        assertThat(outcomes).containsOnly(Map.entry(Outcome.DELIVERED, 2));
        assertThat(relay.status().pending()).isZero();
    }

    @Test
    void doesNotTellAChatWhatAsksForNothingNew() {
        Relay relay = relay(ChannelKind.SLACK, true, Duration.ZERO);
        OrderAlert alert = Told.race("A").build();
        tell(relay, 0, alert);
        tell(
                relay,
                1,
                OrderAlert.newBuilder(alert).setSummary("Said otherwise.").build());
        tell(
                relay,
                2,
                OrderAlert.newBuilder(alert).setSeverity(AlertSeverity.CRITICAL).build());

        awaitCommitted(relay, 3);
        assertThat(outcomes).containsOnly(Map.entry(Outcome.DELIVERED, 2), Map.entry(Outcome.UNCHANGED, 1));
    }

    @Test
    void tellsWhatFiresAnew() {
        Relay relay = relay(ChannelKind.SLACK, true, Duration.ZERO);
        OrderAlert alert = Told.race("A").build();
        tell(relay, 0, alert);
        tell(relay, 1, Told.resolved(alert));
        tell(relay, 2, alert);

        awaitCommitted(relay, 3);
        assertThat(outcomes).containsOnly(Map.entry(Outcome.DELIVERED, 3));
    }

    /** While the end is on its way to a channel that is down, it fires again. */
    @Test
    void tellsWhatFiresAnewWhileItsEndIsOnItsWay() {
        Relay relay = relay(ChannelKind.SLACK, true, Duration.ZERO);
        OrderAlert alert = Told.race("A").build();
        tell(relay, 0, alert);
        awaitCommitted(relay, 1);
        chat.behave(call -> Reply.of(503, ""));
        tell(relay, 1, Told.resolved(alert));
        tell(relay, 2, alert);
        chat.behaveWell();

        awaitCommitted(relay, 3);
        assertThat(outcomes).containsOnly(Map.entry(Outcome.DELIVERED, 3));
    }

    @Test
    void tellsWhatFiresAnewAlsoWhereEndsAreNotWanted() {
        Relay relay = relay(ChannelKind.SLACK, false, Duration.ZERO);
        OrderAlert alert = Told.race("A").build();
        tell(relay, 0, alert);
        tell(relay, 1, Told.resolved(alert));
        tell(relay, 2, alert);

        awaitCommitted(relay, 3);
        assertThat(outcomes).containsOnly(Map.entry(Outcome.DELIVERED, 2), Map.entry(Outcome.UNROUTED, 1));
    }

    @Test
    void followsAnAlertThatNoLongerFitsItsRoute() {
        Relay relay = relay(
                ChannelKind.WEBHOOK,
                true,
                Duration.ZERO,
                new Route(Set.of(AlertSeverity.CRITICAL), Set.of(), Set.of(), Set.of(), Set.of()));
        OrderAlert high = Told.race("A").build();
        tell(relay, 0, high);
        tell(
                relay,
                1,
                OrderAlert.newBuilder(high).setSeverity(AlertSeverity.CRITICAL).build());
        tell(relay, 2, Told.resolved(high));

        awaitCommitted(relay, 3);
        assertThat(outcomes).containsOnly(Map.entry(Outcome.DELIVERED, 2), Map.entry(Outcome.UNROUTED, 1));
    }

    /** That it was told once gives no right to be told for ever. */
    @Test
    void followsNoAlertThatFiresAnewBesideItsRoute() {
        Relay relay = relay(
                ChannelKind.WEBHOOK,
                true,
                Duration.ZERO,
                new Route(Set.of(AlertSeverity.CRITICAL), Set.of(), Set.of(), Set.of(), Set.of()));
        OrderAlert high = Told.race("A").build();
        OrderAlert critical =
                OrderAlert.newBuilder(high).setSeverity(AlertSeverity.CRITICAL).build();
        tell(relay, 0, critical);
        tell(relay, 1, Told.resolved(critical));
        tell(relay, 2, high);
        tell(relay, 3, high);
        tell(relay, 4, Told.resolved(high));

        awaitCommitted(relay, 5);
        assertThat(outcomes).containsOnly(Map.entry(Outcome.DELIVERED, 2), Map.entry(Outcome.UNROUTED, 3));
    }

    /** A token that was revoked for a moment: what was told before is still to be ended. */
    @Test
    void endsWhatWasToldAlsoWhenSomethingWasRefusedInBetween() {
        Relay relay = relay(
                ChannelKind.WEBHOOK,
                true,
                Duration.ZERO,
                new Route(Set.of(AlertSeverity.CRITICAL), Set.of(), Set.of(), Set.of(), Set.of()));
        OrderAlert high = Told.race("A").build();
        tell(
                relay,
                0,
                OrderAlert.newBuilder(high).setSeverity(AlertSeverity.CRITICAL).build());
        awaitCommitted(relay, 1);
        vendor.behave(call -> Reply.of(401, "who are you"));
        tell(relay, 1, high);
        awaitCommitted(relay, 2);
        vendor.behaveWell();
        tell(relay, 2, Told.resolved(high));

        awaitCommitted(relay, 3);
        assertThat(aside).containsExactly("1 HTTP 401: who are you");
        assertThat(outcomes).containsOnly(Map.entry(Outcome.DELIVERED, 2), Map.entry(Outcome.UNDELIVERED, 1));
    }

    @Test
    void tellsWhatIsCriticalBeforeWhatWaitsAndForgetsNeitherInARestart() {
        Relay relay = relay(ChannelKind.WEBHOOK, true, Duration.ofHours(1));
        tell(relay, 0, Told.race("A").build());
        awaitCommitted(relay, 1);
        tell(relay, 1, Told.race("waits").build());
        tell(relay, 2, Told.race("grave").setSeverity(AlertSeverity.CRITICAL).build());
        Awaitility.await().until(() -> {
            relay.work(consumer);
            return vendor.taken().size() == 2;
        });
        relay.work(consumer);

        Relay next = relay(ChannelKind.WEBHOOK, true, Duration.ofHours(1));
        next.take(List.of(record(1, alerts.get(1)), record(2, alerts.get(2))));
        awaitCommitted(next, 3);
        assertThat(vendor.taken())
                .hasSize(3)
                .last()
                .satisfies(call -> assertThat(call.body()).contains("waits").doesNotContain("grave"));
    }

    /** Who tells on while nothing is committed has everything told twice by whoever comes after. */
    @Test
    void tellsOneLetterAtMostWhileKafkaIsAway() {
        Relay relay = relay(ChannelKind.WEBHOOK, true, Duration.ZERO);
        consumer.away = true;
        tell(relay, 0, Told.race("A").build());
        Awaitility.await().until(() -> {
            relay.work(consumer);
            return vendor.taken().size() == 1;
        });
        for (long offset = 1; offset < 5; offset++) {
            tell(relay, offset, Told.race("O" + offset).build());
        }
        assertThat(vendor.taken()).hasSize(1);
        assertThat(relay.status().failure()).isEqualTo("what was told is not committed: TimeoutException");

        consumer.away = false;
        awaitCommitted(relay, 5);
        assertThat(outcomes).containsOnly(Map.entry(Outcome.DELIVERED, 5));
    }

    @Test
    void looksUpLaterWhereItWasWhenItCantAtOnce() {
        consumer.commitSync(Map.of(P, new OffsetAndMetadata(3)), Duration.ZERO);
        consumer.away = true;
        Relay relay = relay(ChannelKind.WEBHOOK, true, Duration.ZERO);
        relay.take(List.of(record(0, Told.race("told").build())));
        assertThatThrownBy(() -> relay.work(consumer)).isInstanceOf(TimeoutException.class);
        assertThat(relay.status().failure()).isEqualTo("it is not known what was told: TimeoutException");
        consumer.away = false;
        relay.work(consumer);

        assertThat(relay.status().failure()).isNull();
        assertThat(consumer.position(P)).isEqualTo(3);
        assertThat(vendor.calls()).isEmpty();
        tell(relay, 3, Told.race("new").build());
        awaitCommitted(relay, 4);
        assertThat(vendor.taken()).hasSize(1);
    }

    @Test
    void beginsWithTheFirstThatIsThereWhenRetentionTookTheRest() {
        consumer.updateBeginningOffsets(Map.of(P, 7L));
        relay(ChannelKind.WEBHOOK, true, Duration.ZERO);

        assertThat(consumer.position(P)).isEqualTo(7);
    }

    @Test
    void waitsForTheRegistryAndReadsNoMoreMeanwhile() {
        Relay relay = relay(ChannelKind.WEBHOOK, true, Duration.ZERO);
        registryIsThere = false;
        tell(relay, 0, Told.race("A").build());
        assertThat(relay.isFull()).isTrue();
        assertThat(relay.status().oldest()).isNotNull();
        assertThat(vendor.calls()).isEmpty();

        registryIsThere = true;
        awaitCommitted(relay, 1);
        assertThat(relay.isFull()).isFalse();
    }

    @Test
    void keepsWhatCantBePutAsideAndTellsTheRest() {
        Relay relay = relay(ChannelKind.WEBHOOK, true, Duration.ZERO);
        asideFails = true;
        tell(relay, 0, null);
        tell(relay, 1, Told.race("B").build());
        Awaitility.await().until(() -> {
            relay.work(consumer);
            return vendor.taken().size() == 1;
        });
        relay.work(consumer);
        assertThat(consumer.position())
                .isNotNull()
                .extracting(OffsetAndMetadata::offset)
                .isEqualTo(0L);
        assertThat(relay.status().pending()).isEqualTo(1);
        assertThat(relay.status().failure()).isEqualTo("what it refuses is not put aside: TimeoutException");

        asideFails = false;
        awaitCommitted(relay, 2);
        assertThat(relay.status().failure()).isNull();
        assertThat(aside).containsExactly("0 it is no alert that can be read");
    }

    @Test
    void putsAsideTheOneThatIsRefusedAndTellsTheRest() {
        Relay relay = relay(ChannelKind.WEBHOOK, true, Duration.ofMillis(200));
        vendor.behave(call -> call.body().contains("alert-bad") ? Reply.of(422, "bad") : Reply.of(204, ""));
        tell(relay, 0, Told.race("first").build());
        for (long offset = 1; offset < 20; offset++) {
            tell(relay, offset, Told.race(offset == 11 ? "bad" : "O" + offset).build());
        }

        awaitCommitted(relay, 20);
        assertThat(aside).containsExactly("11 HTTP 422: bad");
        assertThat(outcomes).containsOnly(Map.entry(Outcome.DELIVERED, 19), Map.entry(Outcome.UNDELIVERED, 1));
    }

    @Test
    void forgetsWhatItKnewWhenItsPartitionsGo() {
        Relay relay = relay(ChannelKind.SLACK, true, Duration.ZERO);
        tell(relay, 0, Told.race("A").build());
        awaitCommitted(relay, 1);
        relay.revoked(consumer, Set.of(P));
        relay.assigned(consumer, Set.of(P));
        // Meanwhile another instance may have told that it ended.
        tell(relay, 2, Told.race("A").build());

        awaitCommitted(relay, 3);
        assertThat(outcomes).containsOnly(Map.entry(Outcome.DELIVERED, 2));
    }
}
