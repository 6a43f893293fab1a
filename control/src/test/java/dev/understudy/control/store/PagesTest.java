package dev.understudy.control.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.store.Pages.Page;
import dev.understudy.control.store.Pages.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class PagesTest {
    private static final byte[] KEY = new byte[32];

    private final Pages pages = new Pages(KEY);
    private final TreeSet<Long> rows = new TreeSet<>();

    private Page<Long> page(String list, Optional<String> token, int size) {
        return pages.page(
                list,
                token,
                size,
                (before, limit) -> rows.headSet(before, false).descendingSet().stream()
                        .limit(limit)
                        .map(seq -> new Row<>(seq, seq))
                        .toList());
    }

    @Test
    void theLastPageHasNoToken() {
        LongStream.rangeClosed(1, 4).forEach(rows::add);

        Page<Long> first = page("l", Optional.empty(), 2);
        Page<Long> second = page("l", first.nextToken(), 2);

        assertThat(first.items()).containsExactly(4L, 3L);
        assertThat(second).isEqualTo(new Page<>(List.of(2L, 1L), Optional.empty()));
    }

    @RepeatedTest(200)
    void showsEveryRowThatStaysOnceWhateverComesAndGoes(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        LongStream.rangeClosed(1, 50).forEach(rows::add);
        List<Long> seen = new ArrayList<>();
        var staying = new TreeSet<>(rows);

        Optional<String> token = Optional.empty();
        do {
            Page<Long> page = page("l", token, random.nextInt(1, 9));
            seen.addAll(page.items());
            token = page.nextToken();
            rows.add(rows.last() + 1);
            long goes = random.nextLong(1, 51);
            rows.remove(goes);
            staying.remove(goes);
        } while (token.isPresent());

        assertThat(seen).doesNotHaveDuplicates().containsAll(staying);
        assertThat(seen).isSortedAccordingTo((a, b) -> Long.compare(b, a));
    }

    @Test
    void aTokenCountsAfterARestartWithTheSameKey() {
        LongStream.rangeClosed(1, 3).forEach(rows::add);
        Optional<String> token = page("l", Optional.empty(), 1).nextToken();

        assertThat(new Pages(KEY)
                        .page("l", token, 1, (before, _) -> List.of(new Row<>(1, before)))
                        .items())
                .containsExactly(3L);
    }

    @Test
    void refusesATokenOfAnotherList() {
        LongStream.rangeClosed(1, 3).forEach(rows::add);
        Optional<String> token = page("stages", Optional.empty(), 1).nextToken();

        assertThatThrownBy(() -> page("public-keys", token, 1)).isInstanceOf(ApiException.class);
    }

    @Test
    void refusesATokenWithAnyOtherCharacter() {
        LongStream.rangeClosed(1, 3).forEach(rows::add);
        String token = page("l", Optional.empty(), 1).nextToken().orElseThrow();

        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String forged = token.substring(0, i) + other + token.substring(i + 1);
            assertThatThrownBy(() -> page("l", Optional.of(forged), 1))
                    .as(forged)
                    .isInstanceOf(ApiException.class);
        }
    }

    @RepeatedTest(200)
    void refusesHostileTokens(RepetitionInfo run) {
        var random = new SplittableRandom(run.getCurrentRepetition());
        StringBuilder token = new StringBuilder("x");
        random.ints(random.nextInt(0, 60), 32, 127).forEach(c -> token.append((char) c));

        assertThatThrownBy(() -> page("l", Optional.of(token.toString()), 1)).isInstanceOf(ApiException.class);
    }
}
