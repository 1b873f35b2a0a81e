package io.ordersync.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.ordersync.contract.InterceptResult;
import io.ordersync.contract.RefundApproved;
import io.ordersync.contract.RefundClosed;
import io.ordersync.contract.ShipmentCreated;
import io.ordersync.contract.ShipmentStatusChanged;
import io.ordersync.contract.WarehouseLockResult;
import io.ordersync.dev.Answer;
import io.ordersync.dev.WireDecoder;
import io.ordersync.dev.WireEncoder;
import io.ordersync.faults.Story.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A shop, its warehouses and couriers, on a thread of its own: begins stories at a rate, tells each step when its time has
 * come, and reads what the service committed. The same seed makes the same stories; how they meet is up to the machine. Some
 * events are told twice, and some go to a partition that is not their order's.
 */
final class Traffic implements AutoCloseable {

    private static final double TWICE = 0.05;
    private static final double ASTRAY = 0.05;
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** Where clocks differ by an hour or so, business times are older than that: none is in the future of any. */
    private static final Duration OLDER = Duration.ofHours(2);

    /** A story that is being told. */
    private static final class Telling {
        final Story story;
        /** The timestamp of its records; null: when they are sent. */
        final @Nullable Instant told;

        int next;
        final Set<String> awaited = new HashSet<>();

        @Nullable
        Probe probe;

        Telling(Story story, @Nullable Instant told) {
            this.story = story;
            this.told = told;
        }
    }

    /** The next step of a story, and when it is told. */
    private record Due(long nanos, Telling telling) {}

    /** How long the service takes for an order that lives on this partition. */
    private static final class Probe {
        final int partition;
        final long toldNanos = System.nanoTime();
        long answeredNanos = Long.MAX_VALUE;

        Probe(int partition) {
            this.partition = partition;
        }
    }

    private final Topics topics;
    private final String bootstrapServers;
    private final double perSecond;
    private final Random random;
    private final WireEncoder encoder;
    private final Ledger ledger;
    private final Producer<byte[], byte[]> producer;
    private final Consumer<byte[], byte[]> reader;
    /** For the thread of the test. */
    private final Consumer<byte[], byte[]> lookout;

    private final Admin admin;
    private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::nanos));
    private final Map<String, Telling> open = new HashMap<>();
    private final List<Probe> probes = new ArrayList<>();
    private final ConcurrentLinkedQueue<Runnable> acknowledged = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Thread thread = new Thread(this::run, "traffic");
    private final boolean clocksAgree;
    /** Orders of which a scan is told with each event of another's. */
    private final List<Story> busy = new ArrayList<>();

    private int scans;
    private int orders;
    private int begun;
    private boolean beginning = true;
    private boolean ended;
    private volatile @Nullable Throwable failure;

    /**
     * Begins at once; the topics are there.
     *
     * @param perSecond how many stories begin in a second; each is two to six events
     * @param clocksAgree may the service's clock be compared with that of this process?
     */
    Traffic(
            Topics topics,
            String bootstrapServers,
            String registryUrl,
            double perSecond,
            long seed,
            boolean clocksAgree) {
        this.topics = topics;
        this.bootstrapServers = bootstrapServers;
        this.perSecond = perSecond;
        this.clocksAgree = clocksAgree;
        random = new Random(seed);
        encoder = new WireEncoder(registryUrl);
        ledger = new Ledger(topics, new WireDecoder(registryUrl), clocksAgree);
        producer = new KafkaProducer<>(
                impatient(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        // Whatever befalls the brokers, what was told is told, and told once.
                        ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
                        Integer.MAX_VALUE,
                        ProducerConfig.MAX_BLOCK_MS_CONFIG,
                        Long.MAX_VALUE,
                        ProducerConfig.LINGER_MS_CONFIG,
                        2),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        reader = consumer(bootstrapServers, true);
        lookout = consumer(bootstrapServers, true);
        reader.assign(topics.all(Topics.OUTPUTS));
        admin = Admin.create(impatient("bootstrap.servers", bootstrapServers));
        thread.start();
    }

    /** With settings of one who does not wait for a silent broker: it is not the clients' recovery that is measured. */
    private static Map<String, Object> impatient(Object... settings) {
        Map<String, Object> all = new HashMap<>(Map.of(
                "reconnect.backoff.max.ms",
                500,
                "request.timeout.ms",
                3000,
                "socket.connection.setup.timeout.ms",
                1000,
                "socket.connection.setup.timeout.max.ms",
                2000));
        for (int i = 0; i < settings.length; i += 2) {
            all.put((String) settings[i], settings[i + 1]);
        }
        return all;
    }

    private static Consumer<byte[], byte[]> consumer(String bootstrapServers, boolean committed) {
        return new KafkaConsumer<>(
                impatient(
                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrapServers,
                        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                        committed ? "read_committed" : "read_uncommitted",
                        ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                        "earliest"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    // --------------------------------------------------------------------------------------------------- the thread

    private void run() {
        long start = System.nanoTime();
        try {
            while (true) {
                lock.lock();
                try {
                    if (ended) {
                        return;
                    }
                    turn(start);
                } finally {
                    lock.unlock();
                }
            }
        } catch (Throwable e) {
            failure = e;
        }
    }

    private void turn(long start) {
        long now = System.nanoTime();
        while (beginning && begun < (now - start) / 1e9 * perSecond) {
            begin();
        }
        while (!due.isEmpty() && due.peek().nanos() <= now) {
            tell(due.remove().telling());
        }
        for (Runnable each = acknowledged.poll(); each != null; each = acknowledged.poll()) {
            each.run();
        }
        read();
    }

    /** For other threads: they have their turn between two of the thread's. */
    private <T extends @Nullable Object> T locked(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    private void begin() {
        int chance = random.nextInt(100);
        Story.Kind kind = Story.Kind.PAID;
        for (Story.Kind each : Story.Kind.values()) {
            if (chance < each.ofHundred) {
                kind = each;
                break;
            }
            chance -= each.ofHundred;
        }
        begin(kind, null);
        begun++;
    }

    private Story begin(Story.Kind kind, @Nullable Instant told) {
        Duration pause = Duration.ofMillis(random.nextLong(LONGEST_PAUSE.toMillis()));
        Instant now = clocksAgree ? Instant.now() : Instant.now().minus(OLDER);
        Story story = new Story(
                kind, Long.toString(6_920_000_000_000_000_000L + orders * 1_000L + random.nextInt(1_000)), pause, now);
        orders++;
        ledger.begin(story);
        Telling telling = new Telling(story, told);
        open.put(story.orderKey(), telling);
        due.add(new Due(System.nanoTime(), telling));
        return story;
    }

    /** Tells the next step, and goes on to the one after it, or waits. */
    private void tell(Telling telling) {
        Story story = telling.story;
        Step step = story.steps().get(telling.next++);
        for (SpecificRecordBase event : step.events()) {
            send(story, event, telling.told);
            if (!busy.isEmpty()) {
                Story crowded = busy.get(scans % busy.size());
                send(crowded, crowded.scanOfMany(scans++), null);
            }
        }
        step.awaited().stream().filter(name -> !ledger.has(story, name)).forEach(telling.awaited::add);
        if (step.prompt() && !telling.awaited.isEmpty()) {
            telling.probe = new Probe(story.home(topics.partitions()));
            probes.add(telling.probe);
        }
        if (telling.awaited.isEmpty()) {
            goOn(telling);
        }
    }

    private void goOn(Telling telling) {
        List<Step> steps = telling.story.steps();
        if (telling.next < steps.size()) {
            due.add(new Due(System.nanoTime() + steps.get(telling.next).pause().toNanos(), telling));
        } else if (ledger.hasEnded(telling.story)) {
            open.remove(telling.story.orderKey());
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback has it all
    private void send(Story story, SpecificRecordBase event, @Nullable Instant told) {
        String topic = topic(event);
        byte[] value = encoder.encode(topics.name(topic), event);
        int times = random.nextDouble() < TWICE ? 2 : 1;
        for (int i = 0; i < times; i++) {
            Integer partition = random.nextDouble() < ASTRAY ? random.nextInt(topics.partitions()) : null;
            producer.send(
                    new ProducerRecord<>(
                            topics.name(topic),
                            partition,
                            told == null ? null : told.toEpochMilli(),
                            story.orderKey().getBytes(UTF_8),
                            value),
                    (metadata, e) -> acknowledged.add(() -> acknowledge(story, event, e)));
        }
    }

    private void acknowledge(Story story, SpecificRecordBase event, @Nullable Exception e) {
        if (e != null) {
            throw new IllegalStateException("the broker did not take an event of " + story, e);
        }
        if (event instanceof InterceptResult answer) {
            ledger.answered(story, answer.getCommandId(), Instant.now());
        }
    }

    private void read() {
        for (ConsumerRecord<byte[], byte[]> record : reader.poll(Duration.ofMillis(5))) {
            Story story = ledger.add(record);
            Telling telling = story == null ? null : open.get(story.orderKey());
            if (telling == null) {
                continue;
            }
            boolean awaiting = !telling.awaited.isEmpty();
            telling.awaited.removeIf(name -> ledger.has(telling.story, name));
            if (!telling.awaited.isEmpty()) {
                continue;
            }
            if (awaiting) {
                if (telling.probe != null) {
                    telling.probe.answeredNanos = System.nanoTime();
                    telling.probe = null;
                }
                goOn(telling);
            } else if (telling.next == telling.story.steps().size() && ledger.hasEnded(telling.story)) {
                open.remove(telling.story.orderKey());
            }
        }
    }

    static String topic(SpecificRecordBase event) {
        return switch (event) {
            case RefundApproved refund -> Topics.REFUNDS;
            case ShipmentCreated parcel -> Topics.PARCELS;
            case RefundClosed close -> Topics.CLOSES;
            case ShipmentStatusChanged scan -> Topics.SCANS;
            case WarehouseLockResult answer -> Topics.LOCK_RESULTS;
            case InterceptResult answer -> Topics.INTERCEPT_RESULTS;
            default -> throw new IllegalArgumentException("nobody tells a " + event.getClass());
        };
    }

    // ------------------------------------------------------------------------------------------------- what it is
    // asked

    private void requireHealthy() {
        Throwable cause = failure;
        if (cause != null) {
            throw new IllegalStateException("the traffic broke down", cause);
        }
    }

    /** How many stories have begun. */
    int begun() {
        return locked(() -> begun);
    }

    /** How many scans were told of busy orders. */
    int scans() {
        return locked(() -> scans);
    }

    /** An order like that, of which a scan is told with each event of another order, shared among all that are busy. */
    void busy(Story.Kind kind) {
        locked(() -> busy.add(begin(kind, null)));
    }

    /** Tells so many orders at once, in records that are spread over a time until now; waits until the broker has them. */
    void flood(int count, Duration over) {
        Instant from = Instant.now().minus(over);
        for (int i = 0; i < count; i++) {
            Instant told = from.plus(over.multipliedBy(i).dividedBy(count));
            Story.Kind kind = i % 10 == 0 ? Story.Kind.ANSWERED_AT_ONCE : Story.Kind.PAID_AT_ONCE;
            locked(() -> begin(kind, told));
        }
        Awaitility.await()
                .atMost(Duration.ofMinutes(10))
                .failFast(this::requireHealthy)
                .until(() -> locked(() -> due.stream().noneMatch(each -> each.telling().told != null)));
        producer.flush();
    }

    /** On which partitions was anything answered that was told after a moment? */
    Set<Integer> answeredSince(long since) {
        return locked(() -> probes.stream()
                .filter(probe -> probe.toldNanos >= since && probe.answeredNanos != Long.MAX_VALUE)
                .map(probe -> probe.partition)
                .collect(Collectors.toSet()));
    }

    /** No more stories begin; those that have begun go on. */
    void pause() {
        locked(() -> beginning = false);
    }

    /** Sends bytes that are to become a dead letter. */
    void plant(String topic, int partition, byte[] value) {
        locked(() -> {
            ledger.plant(value);
            return producer.send(new ProducerRecord<>(topics.name(topic), partition, null, value));
        });
    }

    /** Waits until the service has answered on each partition something that was told after this moment. */
    void awaitAnswersFromNow() {
        awaitRecovery(System.nanoTime(), Duration.ofMinutes(2));
    }

    /**
     * Waits until the service has answered something on each partition that was told after a moment, and tells how long
     * after it that was, on the partition that had to wait longest.
     *
     * @param since of {@link System#nanoTime}
     */
    Duration awaitRecovery(long since, Duration atMost) {
        return Objects.requireNonNull(Awaitility.await()
                .atMost(atMost)
                .pollInterval(Duration.ofMillis(20))
                .failFast(this::requireHealthy)
                .until(() -> locked(() -> recovery(since)), recovered -> recovered != null));
    }

    private @Nullable Duration recovery(long since) {
        Map<Integer, Long> first = probes.stream()
                .filter(probe -> probe.toldNanos >= since && probe.answeredNanos != Long.MAX_VALUE)
                .collect(Collectors.toMap(probe -> probe.partition, probe -> probe.answeredNanos, Math::min));
        if (first.size() < topics.partitions()) {
            return null;
        }
        return Duration.ofNanos(
                first.values().stream().mapToLong(Long::longValue).max().orElseThrow() - since);
    }

    /** The longest that something told since a moment had to wait for, among what was answered. */
    Duration longestWait(long since) {
        return locked(() -> Duration.ofNanos(probes.stream()
                .filter(probe -> probe.toldNanos >= since && probe.answeredNanos != Long.MAX_VALUE)
                .mapToLong(probe -> probe.answeredNanos - probe.toldNanos)
                .max()
                .orElse(0)));
    }

    /**
     * Begins no more stories, waits until all have ended and nothing is left to be read, and judges. What has not ended by
     * then is lost.
     */
    Verdict finish(Duration atMost) {
        pause();
        Deadline deadline = new Deadline(System.nanoTime() + atMost.toNanos());
        deadline.await(() -> locked(() -> open.isEmpty() && acknowledged.isEmpty()));
        deadline.await(this::isWorkedOff);
        Map<TopicPartition, Long> ends = ends(topics.all(Topics.OUTPUTS));
        deadline.await(() -> locked(
                () -> ends.entrySet().stream().allMatch(end -> reader.position(end.getKey()) >= end.getValue())));
        stop();
        requireHealthy();
        Verdict verdict = ledger.verdict();
        ledger.suspects().stream().limit(3).forEach(this::trace);
        return verdict;
    }

    /** For people: where an order is spoken of, committed or not, in the service's own topics too. */
    private void trace(String orderId) {
        String own = topics.applicationId() + '-';
        List<TopicPartition> all = new ArrayList<>(topics.all(Topics.INPUTS));
        all.addAll(topics.all(Topics.OUTPUTS));
        for (String topic : List.of("strays", "orders-changelog", "timers-changelog")) {
            IntStream.range(0, topics.partitions())
                    .forEach(partition -> all.add(new TopicPartition(own + topic, partition)));
        }
        System.out.println("what is said of " + orderId + ", with committed offsets "
                + Answer.of(
                        admin.listConsumerGroupOffsets(topics.applicationId()).partitionsToOffsetAndMetadata()));
        for (boolean committed : new boolean[] {false, true}) {
            try (Consumer<byte[], byte[]> consumer = consumer(bootstrapServers, committed)) {
                Map<TopicPartition, Long> ends = consumer.endOffsets(all);
                consumer.assign(all);
                consumer.seekToBeginning(all);
                while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                        String text = new String(record.key() == null ? new byte[0] : record.key(), ISO_8859_1)
                                + (record.value() == null ? "" : new String(record.value(), ISO_8859_1));
                        if (text.contains(orderId)) {
                            System.out.println((committed ? "  committed " : "  in the log ") + record.topic() + '-'
                                    + record.partition() + '@' + record.offset() + " at "
                                    + Instant.ofEpochMilli(record.timestamp()));
                        }
                    }
                }
            }
        }
    }

    /** What has not come to be by then is judged as it is. */
    private final class Deadline {
        private final long nanos;

        Deadline(long nanos) {
            this.nanos = nanos;
        }

        void await(BooleanSupplier condition) {
            while (!condition.getAsBoolean() && System.nanoTime() < nanos) {
                requireHealthy();
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            }
        }
    }

    /** Has the service committed all that there is to read, and all that it sent itself? */
    private boolean isWorkedOff() {
        String strays = topics.applicationId() + "-strays";
        List<TopicPartition> inputs = new ArrayList<>(topics.all(Topics.INPUTS));
        IntStream.range(0, topics.partitions()).forEach(partition -> inputs.add(new TopicPartition(strays, partition)));
        Map<TopicPartition, OffsetAndMetadata> done =
                Answer.of(admin.listConsumerGroupOffsets(topics.applicationId()).partitionsToOffsetAndMetadata());
        return ends(inputs).entrySet().stream().allMatch(end -> {
            OffsetAndMetadata offset = done.get(end.getKey());
            return isEmpty(end.getKey(), offset == null ? 0 : offset.offset(), end.getValue());
        });
    }

    /** Is there no record? The marks of transactions have offsets too, and nobody commits these. */
    private boolean isEmpty(TopicPartition partition, long from, long to) {
        if (from >= to) {
            return true;
        }
        lookout.assign(List.of(partition));
        lookout.seek(partition, from);
        return lookout.poll(Duration.ofMillis(200)).isEmpty() && lookout.position(partition) >= to;
    }

    private Map<TopicPartition, Long> ends(List<TopicPartition> partitions) {
        var specs = partitions.stream().collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest()));
        return Answer.of(admin.listOffsets(specs).all()).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, end -> end.getValue().offset()));
    }

    private void stop() {
        locked(() -> ended = true);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        stop();
        producer.close(Duration.ZERO);
        reader.close(CloseOptions.timeout(Duration.ZERO));
        lookout.close(CloseOptions.timeout(Duration.ZERO));
        admin.close(Duration.ZERO);
    }
}
