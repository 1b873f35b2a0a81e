package io.ordersync.faults;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.message.EndTxnResponseData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.RequestHeader;
import org.apache.kafka.common.requests.RequestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a broker and all its clients, hands on what they say, and does to a share of the requests to end a
 * transaction what it is told to.
 */
final class KafkaProxy implements AutoCloseable {

    /** What a client waits for: what the broker says, or what was forged; the former may be lost. */
    private record Awaited(@Nullable ByteBuffer forged, boolean lost) {
        static final Awaited FROM_BROKER = new Awaited(null, false);
        static final Awaited LOST = new Awaited(null, true);
    }

    /** A request or an answer on its way, and how long it is to be there. */
    private record Frame(ByteBuffer bytes, long takenNanos, long delayNanos) {}

    private final ServerSocket server;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final AtomicLong struck = new AtomicLong();
    private final ReentrantLock lock = new ReentrantLock();
    private final Random random = new Random(26);
    private double share;
    /** Null: the broker does what it is asked to, and its answer is lost. */
    private @Nullable Errors forged;

    private volatile long delayNanos;
    private volatile int broker;

    /** Listens on localhost. */
    KafkaProxy() {
        try {
            server = new ServerSocket(0, 100, InetAddress.getByName("localhost"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    /** The broker is at this port; before the first client comes. */
    void to(int port) {
        broker = port;
    }

    /** From now on a share of the requests to end a transaction is answered with an error, and not handed on. */
    void forge(Errors error, double ofAll) {
        set(error, ofAll);
    }

    /** From now on the answers to a share of the requests to end a transaction are lost, and their connections too. */
    void loseAnswers(double ofAll) {
        set(null, ofAll);
    }

    /** From now on everything is on its way for so long, in each direction. */
    void delay(Duration duration) {
        delayNanos = duration.toNanos();
    }

    /** From now on everything is handed on as it comes. */
    void behave() {
        set(null, 0);
        delayNanos = 0;
    }

    /** How many answers were forged or lost, or how many requests and answers delayed. */
    long struck() {
        return struck.get();
    }

    private void set(@Nullable Errors error, double ofAll) {
        lock.lock();
        try {
            forged = error;
            share = ofAll;
        } finally {
            lock.unlock();
        }
    }

    private Awaited decide(RequestHeader request) {
        lock.lock();
        try {
            if (request.apiKey() != ApiKeys.END_TXN || random.nextDouble() >= share) {
                return Awaited.FROM_BROKER;
            }
            struck.incrementAndGet();
            return forged == null ? Awaited.LOST : new Awaited(answer(request, forged), false);
        } finally {
            lock.unlock();
        }
    }

    private static ByteBuffer answer(RequestHeader request, Errors error) {
        return RequestUtils.serialize(
                new ResponseHeaderData().setCorrelationId(request.correlationId()),
                request.apiKey().responseHeaderVersion(request.apiVersion()),
                new EndTxnResponseData().setErrorCode(error.code()),
                request.apiVersion());
    }

    private void accept() {
        while (true) {
            try {
                Socket client = server.accept();
                new Connection(client).start();
            } catch (IOException closed) {
                return;
            }
        }
    }

    @Override
    public void close() {
        close(server);
        connections.forEach(Connection::end);
    }

    private static void close(Closeable each) {
        try {
            each.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of one client. A broker answers in the order it is asked in, and so must who answers in its place. */
    private final class Connection {
        private final Socket client;
        private final Socket upstream = new Socket();
        private final BlockingQueue<Frame> requests = new LinkedBlockingQueue<>();
        private final BlockingQueue<Frame> answers = new LinkedBlockingQueue<>();
        private final Deque<Awaited> awaited = new ArrayDeque<>();
        private final ReentrantLock inOrder = new ReentrantLock();
        private final List<Thread> threads = new CopyOnWriteArrayList<>();

        Connection(Socket client) {
            this.client = client;
        }

        void start() {
            connections.add(this);
            run(() -> {
                client.setTcpNoDelay(true);
                upstream.setTcpNoDelay(true);
                upstream.connect(new InetSocketAddress("localhost", broker));
                run(() -> take(upstream, answers));
                run(() -> give(requests, this::request));
                run(() -> give(answers, this::answer));
                take(client, requests);
            });
        }

        private void run(Step step) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    step.run();
                } catch (IOException e) {
                    // One side is gone, or was never there: so the other goes.
                    end();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }

        private void take(Socket from, BlockingQueue<Frame> to) throws IOException {
            DataInputStream in = new DataInputStream(new BufferedInputStream(from.getInputStream()));
            while (true) {
                byte[] bytes = new byte[in.readInt()];
                in.readFully(bytes);
                to.add(new Frame(ByteBuffer.wrap(bytes), System.nanoTime(), delayNanos));
            }
        }

        private void give(BlockingQueue<Frame> from, Passage passage) throws IOException, InterruptedException {
            while (true) {
                Frame frame = from.take();
                if (frame.delayNanos() > 0) {
                    struck.incrementAndGet();
                    TimeUnit.NANOSECONDS.sleep(frame.takenNanos() + frame.delayNanos() - System.nanoTime());
                }
                passage.pass(frame.bytes());
            }
        }

        private void request(ByteBuffer request) throws IOException {
            Awaited next = decide(RequestHeader.parse(request.duplicate()));
            inOrder.lock();
            try {
                awaited.add(next);
                giveForged();
            } finally {
                inOrder.unlock();
            }
            if (next.forged() == null) {
                write(request, upstream);
            }
        }

        private void answer(ByteBuffer answer) throws IOException {
            inOrder.lock();
            try {
                if (awaited.remove().lost()) {
                    throw new EOFException("lost");
                }
                write(answer, client);
                giveForged();
            } finally {
                inOrder.unlock();
            }
        }

        /** Those that no answer of the broker has to come before. */
        private void giveForged() throws IOException {
            while (!awaited.isEmpty()) {
                ByteBuffer forged = awaited.element().forged();
                if (forged == null) {
                    return;
                }
                write(forged, client);
                awaited.remove();
            }
        }

        void end() {
            connections.remove(this);
            KafkaProxy.close(client);
            KafkaProxy.close(upstream);
            threads.forEach(Thread::interrupt);
        }
    }

    private static void write(ByteBuffer bytes, Socket to) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + bytes.remaining());
        to.getOutputStream().write(frame.putInt(bytes.remaining()).put(bytes).array());
    }

    private interface Step {
        void run() throws IOException, InterruptedException;
    }

    private interface Passage {
        void pass(ByteBuffer bytes) throws IOException;
    }
}
