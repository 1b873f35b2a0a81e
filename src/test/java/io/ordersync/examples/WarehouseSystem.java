package io.ordersync.examples;

import static java.util.Map.entry;

import io.ordersync.contract.LockAction;
import io.ordersync.contract.LockRefusal;
import io.ordersync.contract.LockStatus;
import io.ordersync.contract.WarehouseLockCommand;
import io.ordersync.contract.WarehouseLockResult;
import io.ordersync.wire.AvroDeserializer;
import io.ordersync.wire.AvroSerializer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
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

/** A warehouse: obeys the commands on warehouse-lock-commands, each once, and says on warehouse-lock-results what it did. */
public final class WarehouseSystem implements Runnable, AutoCloseable {

    /** The rest of your system. Must bear to be asked the same twice: it may die before the ledger knows of it. */
    public interface Floor {
        /** Holds units, pulls a parcel, or lets go. Gives null when that is done, else why it can't be. */
        @Nullable
        LockRefusal obey(WarehouseLockCommand command);
    }

    private final String warehouseId;
    private final Ledger ledger;
    private final Floor floor;
    private final Consumer<String, WarehouseLockCommand> commands;
    private final Producer<String, WarehouseLockResult> answers;
    private volatile boolean stopped;

    public WarehouseSystem(String bootstrapServers, String registryUrl, String warehouseId, Path ledger, Floor floor) {
        this.warehouseId = warehouseId;
        this.ledger = new Ledger(ledger);
        this.floor = floor;
        // region: clients
        commands = new KafkaConsumer<>(Map.ofEntries(
                entry("bootstrap.servers", bootstrapServers),
                entry("group.id", "warehouse-" + warehouseId),
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
        // endregion
    }

    // region: run
    @Override
    public void run() {
        try (commands;
                answers) {
            commands.subscribe(List.of("warehouse-lock-commands"));
            while (!stopped) {
                List<Future<?>> sent = new ArrayList<>();
                for (ConsumerRecord<String, WarehouseLockCommand> command : commands.poll(Duration.ofSeconds(1))) {
                    WarehouseLockResult answer = hear(command.key(), command.value());
                    if (answer != null) {
                        sent.add(answers.send(new ProducerRecord<>("warehouse-lock-results", command.key(), answer)));
                    }
                }
                for (Future<?> answer : sent) {
                    answer.get();
                }
                // Only now: what was not answered comes again after a crash.
                commands.commitSync();
            }
        } catch (WakeupException e) {
            // close() was called
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
    // endregion

    // region: hear
    /** The answer, the same one each time the command comes; null when there is none to give. */
    private @Nullable WarehouseLockResult hear(String orderKey, WarehouseLockCommand command) {
        if (command.getWarehouseId() != null && !command.getWarehouseId().equals(warehouseId)) {
            return null;
        }
        Ledger.Entry entry = ledger.find(command.getCommandId());
        if (entry == null) {
            boolean takesBack = command.getAction() == LockAction.RELEASE;
            String subject = subject(orderKey, command);
            if (command.getAction() == LockAction.UNKNOWN
                    || ledger.isOverruled(subject, command.getGeneration(), takesBack)) {
                return null;
            }
            LockRefusal refusal = floor.obey(command);
            entry = new Ledger.Entry(
                    command.getCommandId(),
                    subject,
                    command.getGeneration(),
                    takesBack,
                    orderKey,
                    command.getPlatform(),
                    command.getShopId(),
                    command.getOrderId(),
                    String.valueOf(refusal == null ? done(command.getAction()) : LockStatus.REFUSED),
                    refusal == null ? null : refusal.toString(),
                    Instant.now().toEpochMilli());
            ledger.write(entry);
        }
        return answer(entry);
    }

    /** One parcel, or what one refund holds in one warehouse. */
    private static String subject(String orderKey, WarehouseLockCommand command) {
        return command.getShipmentId() != null
                ? orderKey + " parcel " + command.getShipmentId()
                : orderKey + " refund " + command.getRefundId() + " in " + command.getWarehouseId();
    }

    private static LockStatus done(LockAction action) {
        return switch (action) {
            case LOCK -> LockStatus.LOCKED;
            case PULL_PARCEL -> LockStatus.PULLED;
            case RELEASE -> LockStatus.RELEASED;
            case UNKNOWN -> throw new IllegalArgumentException("an action of a later version of the contract");
        };
    }
    // endregion

    private WarehouseLockResult answer(Ledger.Entry entry) {
        return WarehouseLockResult.newBuilder()
                .setEventId(warehouseId + ' ' + entry.commandId() + ' ' + entry.status())
                .setPlatform(entry.platform())
                .setShopId(entry.shopId())
                .setOrderId(entry.orderId())
                .setCommandId(entry.commandId())
                .setStatus(LockStatus.valueOf(entry.status()))
                .setRefusal(entry.reason() == null ? null : LockRefusal.valueOf(entry.reason()))
                .setOccurredAt(Instant.ofEpochMilli(entry.at()))
                .build();
    }

    /** Ends {@link #run}, from another thread. */
    @Override
    public void close() {
        stopped = true;
        commands.wakeup();
    }

    /** Arguments: bootstrap servers, URL of the registry, warehouse, file of the ledger. */
    public static void main(String... args) {
        Floor floor = command -> {
            System.out.println(command.getAction() + " " + command.getOrderId() + ' ' + command.getLines());
            return null;
        };
        WarehouseSystem warehouse = new WarehouseSystem(args[0], args[1], args[2], Path.of(args[3]), floor);
        Runtime.getRuntime().addShutdownHook(new Thread(warehouse::close));
        warehouse.run();
    }
}
