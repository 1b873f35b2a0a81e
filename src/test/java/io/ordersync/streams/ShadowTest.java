package io.ordersync.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.domain.ParcelStage;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In shadow all is reckoned and told, and no command leaves. */
class ShadowTest {

    @Test
    void keepsCommandsBackAndTellsTheRest(@TempDir Path stateDirectory) {
        try (TestStream stream = new TestStream(OrderTopology.Store.MEMORY, Facts.policy(null, true), stateDirectory)) {
            stream.tell(Facts.O1, Facts.refund(), Facts.parcel(ParcelStage.IN_TRANSIT));
            stream.pass(Duration.ofDays(1));

            assertThat(stream.out(TestStream.LOCKS)).isEmpty();
            assertThat(stream.out(TestStream.INTERCEPTS)).isEmpty();
            assertThat(stream.out(TestStream.ALERTS)).containsExactly("REFUNDED_BUT_SHIPPED FIRING");
            assertThat(stream.out(TestStream.CASES)).isNotEmpty();
            assertThat(stream.heard.all)
                    .containsExactly(
                            "withheld LockCommand",
                            "arrived events NEWS",
                            "sent Alert",
                            "sent OrderCase",
                            "withheld InterceptCommand",
                            "arrived events NEWS");
        }
    }
}
