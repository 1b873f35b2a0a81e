package io.ordersync.dev;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class WorldPropertiesTest {
    @Test
    void refusesAShareThatIsNone() {
        assertThatThrownBy(() -> Sample.world("returns-lost-percent=101"))
                .hasRootCauseMessage("shop.returns-lost-percent is 101, not 0 to 100");
    }

    @Test
    void refusesSharesOfMoreThanAll() {
        assertThatThrownBy(() -> Sample.world("locks-refused-percent=60", "locks-ignored-percent=41"))
                .hasRootCauseMessage("shop.locks-…-percent are 101 together, not up to 100");
    }

    @Test
    void refusesAnHourTooShortToTellThingsApart() {
        assertThatThrownBy(() -> Sample.world("hour=1ms"))
                .hasRootCauseMessage("shop.hour is PT0.001S, not 10 ms to an hour");
    }
}
