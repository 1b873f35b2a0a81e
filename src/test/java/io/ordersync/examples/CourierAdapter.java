package io.ordersync.examples;

import static java.util.Map.entry;

import io.ordersync.contract.InterceptAction;
import io.ordersync.contract.InterceptReason;
import io.ordersync.contract.InterceptResult;
import io.ordersync.contract.InterceptShipmentCommand;
import io.ordersync.contract.InterceptStatus;
import io.ordersync.wire.AvroDeserializer;
import io.ordersync.wire.AvroSerializer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Asks one courier what intercept-shipment-commands says, each command once, and says on intercept-results what came of it. */
public final class CourierAdapter implements Runnable, AutoCloseable {

    /** What the courier's own interface offers. */
    public interface Courier {
        /** Asks for a parcel's return, or to let it go on. */
        Reply intercept(String requestId, String trackingNumber);

        /** Takes an intercept back. */
        Reply cancel(String requestId, String interceptId, String trackingNumber);

        /** What became of a request: UNKNOWN if the courier can't tell, NOT_APPLIED only if it says that it never had it. */
        Reply outcome(String requestId);
    }

    /** What the courier said, and when, by its clock. */
    public record Reply(InterceptStatus status, @Nullable InterceptReason reason, Instant at) {}

    private static final String ASKED = "ASKED";
    private static final Set<String> NOT_FINAL =
            Set.of(InterceptStatus.ACCEPTED.toString(), InterceptStatus.UNKNOWN.toString());

    private final String code;
    private final Ledger ledger;
    private final Courier courier;
    private final Consumer<String, InterceptShipmentCommand> commands;
    private final Producer<String, InterceptResult> answers;
    private volatile boolean stopped;

    /** An adapter of the courier that shipments call {@code code}. */
    public CourierAdapter(String bootstrapServers, String registryUrl, String code, Path ledger, Courier courier) {
        this.code = code;
        this.ledger = new Ledger(ledger);
        this.courier = courier;
        commands = new KafkaConsumer<>(Map.ofEntries(
                entry("bootstrap.servers", bootstrapServers),
                entry("group.id", "courier-" + code),
                entry("isolation.level", "read_committed"),
                entry("enable.auto.commit", "false"),
                entry("auto.offset.reset", "earliest"),
                entry("key.deserializer", StringDeserializer.class),
                entry("value.deserializer", AvroDeserializer.class),
                entry("schema.registry.url", registryUrl),
                entry("specific.avro.reader", "true")));
        answers = new KafkaProducer<>(Map.ofEntries(
                entry("bootstrap.servers", bootstrapServers),
                entry("key.serializer", StringSerializer.class),
                entry("value.serializer", AvroSerializer.class),
                entry("schema.registry.url", registryUrl)));
    }

    @Override
    public void run() {
        try (commands;
                answers) {
            commands.subscribe(List.of("intercept-shipment-commands"));
            while (!stopped) {
                for (ConsumerRecord<String, InterceptShipmentCommand> command : commands.poll(Duration.ofSeconds(1))) {
                    hear(command.key(), command.value());
                }
                commands.commitSync();
                askHowTheyEnded();
            }
        } catch (WakeupException e) {
            // close() was called
        }
    }

    // region: hear
    private void hear(String orderKey, InterceptShipmentCommand command) {
        if (!command.getCourier().equals(code) || command.getAction() == InterceptAction.UNKNOWN) {
            return;
        }
        Ledger.Entry entry = ledger.find(command.getCommandId());
        if (entry == null) {
            boolean takesBack = command.getAction() == InterceptAction.CANCEL;
            String subject = orderKey + ' ' + command.getShipmentId();
            if (ledger.isOverruled(subject, command.getGeneration(), takesBack)) {
                return;
            }
            entry = new Ledger.Entry(
                    command.getCommandId(),
                    subject,
                    command.getGeneration(),
                    takesBack,
                    orderKey,
                    command.getPlatform(),
                    command.getShopId(),
                    command.getOrderId(),
                    ASKED,
                    null,
                    Instant.now().toEpochMilli());
            // First: if we die after the courier heard us, nobody must ask it again.
            ledger.write(entry);
            answer(entry, ask(command));
        } else if (entry.status().equals(ASKED)) {
            // We died in between. Whether the courier heard us only the courier knows.
            answer(entry, courier.outcome(entry.commandId()));
        } else {
            send(entry);
        }
    }

    private Reply ask(InterceptShipmentCommand command) {
        if (command.getAction() == InterceptAction.INTERCEPT) {
            return courier.intercept(command.getCommandId(), command.getTrackingNumber());
        }
        Ledger.Entry intercept = ledger.find(command.getTargetCommandId());
        return intercept == null
                ? new Reply(InterceptStatus.CANCELLED, null, Instant.now()) // it was never asked, and won't be
                : courier.cancel(command.getCommandId(), intercept.commandId(), command.getTrackingNumber());
    }
    // endregion

    // region: outcome
    /** ACCEPTED and UNKNOWN are not the end. That the courier can't tell now is no news. */
    private void askHowTheyEnded() {
        for (Ledger.Entry entry : ledger.entries()) {
            if (NOT_FINAL.contains(entry.status())) {
                Reply reply = courier.outcome(entry.commandId());
                if (reply.status() != InterceptStatus.UNKNOWN
                        && !reply.status().toString().equals(entry.status())) {
                    answer(entry, reply);
                }
            }
        }
    }

    /** Sent before it is written: dying in between sends it twice, which the service bears; never not at all. */
    private void answer(Ledger.Entry entry, Reply reply) {
        Ledger.Entry answered =
                entry.answered(reply.status(), reply.reason(), reply.at().toEpochMilli());
        send(answered);
        ledger.write(answered);
    }
    // endregion

    private void send(Ledger.Entry entry) {
        InterceptResult result = InterceptResult.newBuilder()
                .setEventId(entry.commandId() + ' ' + entry.status())
                .setPlatform(entry.platform())
                .setShopId(entry.shopId())
                .setOrderId(entry.orderId())
                .setCommandId(entry.commandId())
                .setStatus(InterceptStatus.valueOf(entry.status()))
                .setReason(entry.reason() == null ? null : InterceptReason.valueOf(entry.reason()))
                .setOccurredAt(Instant.ofEpochMilli(entry.at()))
                .build();
        try {
            answers.send(new ProducerRecord<>("intercept-results", entry.orderKey(), result))
                    .get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ends {@link #run}, from another thread. */
    @Override
    public void close() {
        stopped = true;
        commands.wakeup();
    }
}
