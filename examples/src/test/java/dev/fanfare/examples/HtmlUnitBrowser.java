package dev.fanfare.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.htmlunit.BrowserVersion;
import org.htmlunit.ScriptException;
import org.htmlunit.WebClient;
import org.htmlunit.html.DomNode;
import org.htmlunit.html.HtmlButton;
import org.htmlunit.html.HtmlInput;
import org.htmlunit.html.HtmlPage;
import org.htmlunit.javascript.DefaultJavaScriptErrorListener;

/** A browser in Java: on every machine, without installing one. It runs the script; it neither draws nor enforces policies. */
final class HtmlUnitBrowser implements Browser {
    /** A strong reference: java.util.logging forgets the level of a logger that nobody holds. */
    private static final Logger WEB_SOCKET = Logger.getLogger("org.htmlunit.javascript.host.WebSocket");

    private final List<ScriptException> scriptErrors = new CopyOnWriteArrayList<>();

    /** One for each visit: what a page left behind must not meet the next one. */
    private WebClient client = new WebClient(BrowserVersion.CHROME);

    HtmlUnitBrowser() {
        WEB_SOCKET.setLevel(Level.OFF); // it calls a node that is away an error
    }

    @Override
    public void open(String address) {
        client = new WebClient(BrowserVersion.CHROME);
        client.setJavaScriptErrorListener(new DefaultJavaScriptErrorListener() {
            @Override
            public void scriptException(HtmlPage page, ScriptException error) {
                scriptErrors.add(error);
            }
        });
        try {
            client.getPage(address);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void leave() {
        client.close();
        assertEquals(List.of(), scriptErrors);
    }

    private HtmlPage page() {
        return (HtmlPage) client.getCurrentWindow().getEnclosedPage();
    }

    private HtmlInput field() {
        return page().getHtmlElementById("text");
    }

    @Override
    public void enter(String room) {
        HtmlInput field = page().getHtmlElementById("room");
        HtmlButton enter = page().getHtmlElementById("enter");
        try {
            field.setValue(room);
            enter.click();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void type(String text) {
        try {
            field().type(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void submit() {
        HtmlButton send = page().getHtmlElementById("send");
        try {
            send.click();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String typed() {
        return field().getValue();
    }

    @Override
    public String text(String id) {
        return page().getHtmlElementById(id).getTextContent();
    }

    @Override
    public List<String> texts(String selector) {
        return page().querySelectorAll(selector).stream()
                .map(DomNode::getTextContent)
                .toList();
    }

    @Override
    public void close() {
        client.close();
    }
}
