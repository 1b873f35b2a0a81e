package io.ordersync.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.domain.Policy;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

/** What the settings make of the policy. */
class OrderSyncPropertiesTest {

    @Test
    void sendCommandsAndWaitForAllAnswersByDefault() {
        Policy policy = policy();

        assertThat(policy.shadow()).isFalse();
        assertThat(policy.lockAnswers()).isTrue();
        assertThat(policy.interceptAnswers()).isTrue();
        assertThat(policy.pickupGrace()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void waitForNoAnswerOnATopicThatIsAbsent() {
        assertThat(policy("topics.warehouse-lock-results=")).satisfies(policy -> {
            assertThat(policy.lockAnswers()).isFalse();
            assertThat(policy.interceptAnswers()).isTrue();
        });
        assertThat(policy("topics.intercept-results=")).satisfies(policy -> {
            assertThat(policy.lockAnswers()).isTrue();
            assertThat(policy.interceptAnswers()).isFalse();
        });
    }

    @Test
    void waitForAnswersOnATopicOfAnotherName() {
        assertThat(policy("topics.warehouse-lock-results=a", "topics.intercept-results=b")
                        .lockAnswers())
                .isTrue();
    }

    @Test
    void sendNoCommandInShadow() {
        assertThat(policy("mode=shadow").shadow()).isTrue();
        assertThat(policy("mode=SHADOW").shadow()).isTrue();
        assertThat(policy("mode=active").shadow()).isFalse();
    }

    @Test
    void sayHowLongAPickupMayTake() {
        assertThat(policy("policy.pickup-grace=2h").pickupGrace()).isEqualTo(Duration.ofHours(2));
    }

    private static Policy policy(String... settings) {
        var source = new MapConfigurationPropertySource();
        Arrays.stream(settings)
                .map(setting -> setting.split("=", 2))
                .forEach(setting -> source.put("order-sync." + setting[0], setting[1]));
        return new Binder(source)
                .bindOrCreate("order-sync", OrderSyncProperties.class)
                .toPolicy();
    }
}
