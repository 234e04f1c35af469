package io.mpath.linux;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;

class MissingJnaTest {
    /** A class path without JNA: our classes anew, everything else from where it was. */
    private static final class WithoutJna extends ClassLoader {
        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("com.sun.jna.")) {
                throw new ClassNotFoundException(name);
            }
            if (!name.startsWith("io.mpath.linux.")) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            try (InputStream bytes =
                    Syscalls.class.getModule().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] all = bytes.readAllBytes();
                return defineClass(name, all, 0, all.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    @Test
    void missingJnaIsNamedByTheFirstSystemCall() throws Exception {
        Method system = new WithoutJna().loadClass(Syscalls.class.getName()).getMethod("system");

        assertThatThrownBy(() -> system.invoke(null))
                .isInstanceOf(InvocationTargetException.class)
                .cause()
                .hasMessageContaining("net.java.dev.jna:jna")
                .hasMessageContaining("com.sun.jna");
    }
}
