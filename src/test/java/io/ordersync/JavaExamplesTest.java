package io.ordersync;

import io.ordersync.contract.InterceptStatus;
import io.ordersync.examples.CourierAdapter;
import io.ordersync.examples.CourierAdapter.Reply;
import io.ordersync.examples.RefundSystem;
import io.ordersync.examples.WarehouseSystem;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The programs in {@code io.ordersync.examples}. */
class JavaExamplesTest extends ExampleStories {

    private final List<String> done = new CopyOnWriteArrayList<>();
    private final List<Runnable> stops = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    @Override
    void approve(String orderId, Instant approvedAt) {
        try (RefundSystem refunds = new RefundSystem(outside.broker.bootstrapServers(), outside.registryUrl)) {
            refunds.approve(orderId, "R-" + orderId, 1, approvedAt);
        }
    }

    @Override
    void withdraw(String orderId) {
        try (RefundSystem refunds = new RefundSystem(outside.broker.bootstrapServers(), outside.registryUrl)) {
            refunds.withdraw(orderId, "R-" + orderId, 1, Instant.now());
        }
    }

    @Override
    void startPrograms(Path warehouseLedger, Path courierLedger) {
        String broker = outside.broker.bootstrapServers();
        String registry = outside.registryUrl;
        var warehouse = new WarehouseSystem(broker, registry, "W1", warehouseLedger, command -> {
            done.add(command.getAction() + " " + command.getOrderId());
            return null;
        });
        var courier = new CourierAdapter(broker, registry, "SF", courierLedger, new PlayedCourier());
        stops.add(warehouse::close);
        stops.add(courier::close);
        threads.add(Thread.ofVirtual().start(warehouse));
        threads.add(Thread.ofVirtual().start(courier));
    }

    @Override
    void stopPrograms() {
        stops.forEach(Runnable::run);
        stops.clear();
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        threads.clear();
    }

    @Override
    List<String> done() {
        return List.copyOf(done);
    }

    /** What it was asked before it was started it can't tell. */
    private final class PlayedCourier implements CourierAdapter.Courier {

        private final Map<String, Reply> requests = new ConcurrentHashMap<>();

        @Override
        public Reply intercept(String requestId, String trackingNumber) {
            done.add("INTERCEPT " + trackingNumber);
            requests.put(
                    requestId,
                    reply(trackingNumber.endsWith("slow") ? InterceptStatus.ACCEPTED : InterceptStatus.SUCCEEDED));
            return reply(InterceptStatus.ACCEPTED);
        }

        @Override
        public Reply cancel(String requestId, String interceptId, String trackingNumber) {
            done.add("CANCEL " + trackingNumber);
            Reply cancelled = reply(InterceptStatus.CANCELLED);
            requests.put(interceptId, cancelled);
            requests.put(requestId, cancelled);
            return cancelled;
        }

        @Override
        public Reply outcome(String requestId) {
            return requests.getOrDefault(requestId, reply(InterceptStatus.UNKNOWN));
        }

        private static Reply reply(InterceptStatus status) {
            return new Reply(status, null, Instant.now());
        }
    }
}
