package io.ordersync.streams;

import static org.assertj.core.api.Assertions.assertThat;

import io.ordersync.domain.InterceptResult;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswersTest {

    @Test
    void toCommandsNeverSentAreCountedWhenTheyGiveWay(@TempDir Path stateDirectory) {
        try (TestStream stream = new TestStream(OrderTopology.Store.MEMORY, Facts.policy(), stateDirectory)) {
            IntStream.range(0, 200)
                    .mapToObj(number -> Facts.answer("command " + number, InterceptResult.Status.ACCEPTED))
                    .forEach(answer -> stream.tell(Facts.O1, answer));
            assertThat(stream.heard.all).containsOnly("arrived events NEWS");

            stream.heard.all.clear();
            stream.tell(Facts.O1, Facts.answer("one more", InterceptResult.Status.ACCEPTED));
            assertThat(stream.heard.all).containsExactly("dropped 1", "arrived events NEWS");
        }
    }
}
