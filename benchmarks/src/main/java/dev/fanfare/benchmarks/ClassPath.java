package dev.fanfare.benchmarks;

import java.io.File;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;

/** Where this program's classes are, for the JVMs that it starts: Maven runs it in a class loader of its own. */
public final class ClassPath {

    private ClassPath() {}

    /** As {@code java -cp} takes it. */
    public static String ofThisProgram() {
        if (!(ClassPath.class.getClassLoader() instanceof URLClassLoader loader)) {
            return System.getProperty("java.class.path");
        }
        var entries = new ArrayList<String>();
        for (var url : loader.getURLs()) {
            entries.add(file(url));
        }
        return String.join(File.pathSeparator, entries);
    }

    private static String file(URL url) {
        try {
            return Path.of(url.toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(url.toString(), e);
        }
    }
}
