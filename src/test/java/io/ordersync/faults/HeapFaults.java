package io.ordersync.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/** The heap is too small for what is told. */
class HeapFaults {

    private static final String TOO_SMALL = System.getProperty("faults.heap", "80m");
    private static final int BIG_ORDERS = Integer.getInteger("faults.bigOrders", 10_000);
    private static final int AT_ONCE = 200;
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    /** With -XX:+ExitOnOutOfMemoryError. */
    private static final int OUT_OF_MEMORY = 3;

    @Test
    void theHeapIsTooSmallAndThePlatformStartsItWithALargerOne() {
        Row row = new Row("heap of " + TOO_SMALL + ", too small for orders of 500 lines");
        try (Site site = new Site(1);
                Deployment deployment = new Deployment(site, "heap.", 4)) {
            Instance only = deployment
                    .instance("only")
                    .as(plan -> plan.heap(TOO_SMALL))
                    .start()
                    .awaitReady();
            Traffic traffic = deployment.traffic(10);
            Stock stock = new Stock(deployment.topics, site.brokers.bootstrapServers(), site.registry.url(), 500);
            for (int told = 0; told < BIG_ORDERS && only.isAlive(); told += AT_ONCE) {
                stock.tell(AT_ONCE);
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> !only.isAlive() || stock.areRemembered(deployment.admin));
            }
            assertThat(only.process().awaitExit(PATIENCE)).isEqualTo(OUT_OF_MEMORY);
            long died = System.nanoTime();
            String last = only.process().said();
            boolean open = !deployment.openTransactions().isEmpty();

            only.as(plan -> plan.heap("512m")).start().awaitReady();
            row.recovered(traffic.awaitRecovery(died, PATIENCE));
            row.judged(traffic.finish(PATIENCE));
            row.struck("ended with 3, a transaction " + (open ? "" : "not ") + "open");
            assertThat(last).contains("OutOfMemoryError");
        }
        row.requireClean();
    }
}
