package io.ordersync.faults;

import io.ordersync.process.ChildJvm;
import java.util.stream.Stream;

/**
 * A host of its own for the network, within this one: a network namespace, and a pair of virtual interfaces between it and
 * the rest. Only root may make one; iproute2 and iptables have to be there.
 */
final class Namespace implements AutoCloseable {

    /** Of this host, as seen from there. */
    static final String HERE = "10.77.0.1";

    /** Of that host, as seen from here. */
    static final String THERE = "10.77.0.2";

    private static final String NAME = "order-sync";
    private static final String INTERFACE_HERE = "ordersync0";
    private static final String INTERFACE_THERE = "ordersync1";

    /** The packets that are thrown away there. */
    enum Cut {
        OUTGOING(true, false),
        INCOMING(false, true),
        BOTH(true, true);

        private final boolean out;
        private final boolean in;

        Cut(boolean out, boolean in) {
            this.out = out;
            this.in = in;
        }
    }

    Namespace() {
        Commands.requireRootAnd("ip", "iptables");
        if (Commands.run("ip", "netns", "list")
                .lines()
                .anyMatch(line -> line.equals(NAME) || line.startsWith(NAME + ' '))) {
            throw new IllegalStateException("the network namespace " + NAME + " is there already: does another run"
                    + " use it? If not: ip netns del " + NAME);
        }
        Commands.run("ip", "netns", "add", NAME);
        try {
            ip("link", "add", INTERFACE_HERE, "type", "veth", "peer", "name", INTERFACE_THERE, "netns", NAME);
            ip("addr", "add", HERE + "/24", "dev", INTERFACE_HERE);
            ip("link", "set", INTERFACE_HERE, "up");
            ip("-n", NAME, "addr", "add", THERE + "/24", "dev", INTERFACE_THERE);
            ip("-n", NAME, "link", "set", INTERFACE_THERE, "up");
            ip("-n", NAME, "link", "set", "lo", "up");
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** The instance is there from its next start on. */
    Instance withIn(Instance instance) {
        return instance.at(THERE).as(plan -> inside(plan.heap("384m")));
    }

    /** What is started so is there. */
    static ChildJvm.Plan inside(ChildJvm.Plan plan) {
        return plan.under("ip", "netns", "exec", NAME);
    }

    /** From now on packets are thrown away. */
    void cut(Cut cut) {
        if (cut.out) {
            iptables("-A", "OUTPUT", "!", "-o", "lo", "-j", "DROP");
        }
        if (cut.in) {
            iptables("-A", "INPUT", "!", "-i", "lo", "-j", "DROP");
        }
    }

    /**
     * As before the cut.
     *
     * @return how many packets were thrown away
     */
    long mend() {
        long dropped = Stream.of("OUTPUT", "INPUT")
                .flatMap(chain -> iptables("-n", "-v", "-x", "-L", chain).lines())
                .filter(line -> line.contains("DROP"))
                .mapToLong(line -> Long.parseLong(line.strip().replaceFirst("\\s.*", "")))
                .sum();
        iptables("-F");
        return dropped;
    }

    private static String iptables(String... arguments) {
        return Commands.run(Stream.concat(Stream.of("ip", "netns", "exec", NAME, "iptables"), Stream.of(arguments))
                .toArray(String[]::new));
    }

    private static void ip(String... arguments) {
        Commands.run(Stream.concat(Stream.of("ip"), Stream.of(arguments)).toArray(String[]::new));
    }

    @Override
    public void close() {
        try {
            // With a namespace it goes too, but somewhat later.
            if (Commands.run("ip", "link").contains(INTERFACE_HERE)) {
                ip("link", "del", INTERFACE_HERE);
            }
        } finally {
            ip("netns", "del", NAME);
        }
    }
}
