package dev.understudy.control.resource;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.understudy.control.store.Store;
import dev.understudy.control.store.StoreException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HomeTest {
    private static final Home HERE = new Home("us-east-1", "123456789012");

    @TempDir
    private Path directory;

    private Store open() {
        return Store.open(directory.resolve("understudy.db"));
    }

    @Test
    void aStoreIsItsHomesForGood() {
        try (Store store = open()) {
            HERE.claim(store);
        }
        try (Store store = open()) {
            assertThatCode(() -> HERE.claim(store)).doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @CsvSource({"eu-west-1, 123456789012", "us-east-1, 000000000000"})
    void nobodyElseOpensIt(String region, String account) {
        try (Store store = open()) {
            HERE.claim(store);

            assertThatThrownBy(() -> new Home(region, account).claim(store))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the data folder belongs to region us-east-1 and account 123456789012, not to region "
                            + region + " and account " + account + ": start with those, or with another folder");
        }
    }

    @Test
    void emptyingAStoreDoesNotMakeItAnothers() {
        try (Store store = open()) {
            HERE.claim(store);
            store.clear();

            assertThatThrownBy(() -> new Home("eu-west-1", "123456789012").claim(store))
                    .isInstanceOf(StoreException.class);
        }
    }
}
