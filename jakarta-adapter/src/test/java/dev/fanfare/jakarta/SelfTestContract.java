package dev.fanfare.jakarta;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.fanfare.ClientSession.Completion;
import dev.fanfare.Run;
import dev.fanfare.Runs;
import dev.fanfare.fixtures.Await;
import dev.fanfare.fixtures.CapturedLog;
import jakarta.websocket.RemoteEndpoint;
import jakarta.websocket.Session;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A fast path is used if it writes over a loopback socket what it should, and only then; sessions of a real container. */
abstract class SelfTestContract extends TwoNodes {

    private final FastPaths.Finder finder;

    SelfTestContract(Function<Container.Deployment, Container> container, FastPaths.Finder finder) {
        super(container);
        this.finder = finder;
    }

    @Override
    abstract Class<?> sender();

    /** What could be wrong with a path. */
    private enum Fault implements UnaryOperator<RunSender> {
        LOSES_THE_LAST_MESSAGE {
            @Override
            void send(RunSender sender, Run run, Completion completion) {
                sender.send(run.size() == 1 ? run : run.slice(0, run.size() - 1), completion);
            }
        },
        SENDS_TWICE {
            @Override
            void send(RunSender sender, Run run, Completion completion) {
                sender.send(Run.of(List.of(run.messages().get(0), run.messages().get(0))), completion);
            }
        },
        CHANGES_A_BYTE {
            @Override
            void send(RunSender sender, Run run, Completion completion) {
                ByteBuffer frames = run.frames();
                frames.put(frames.limit() - 1, (byte) (frames.get(frames.limit() - 1) ^ 1));
                sender.send(run, completion);
            }
        },
        SAYS_DONE_AND_SENDS_NOTHING {
            @Override
            void send(RunSender sender, Run run, Completion completion) {
                completion.done();
            }
        },
        NEVER_SAYS_DONE {
            @Override
            void send(RunSender sender, Run run, Completion completion) {
                sender.send(run, new Outcome());
            }
        },
        SAYS_DONE_ALTHOUGH_IT_FAILED {
            @Override
            void send(RunSender sender, Run run, Completion completion) {
                sender.send(run, new Outcome() {
                    @Override
                    public void done() {
                        completion.done();
                    }

                    @Override
                    public void failed(Throwable cause) {
                        completion.done();
                    }
                });
            }
        },
        THROWS {
            @Override
            void send(RunSender sender, Run run, Completion completion) {
                throw new IllegalStateException("thrown");
            }
        };

        abstract void send(RunSender sender, Run run, Completion completion);

        /** Whether time alone shows it. */
        boolean isSilent() {
            return this == LOSES_THE_LAST_MESSAGE || this == SAYS_DONE_AND_SENDS_NOTHING || this == NEVER_SAYS_DONE;
        }

        @Override
        public RunSender apply(RunSender sender) {
            return new RunSender() {
                @Override
                public void send(Run run, Completion completion) {
                    Fault.this.send(sender, run, completion);
                }

                @Override
                public @Nullable Executor affinity() {
                    return sender.affinity();
                }
            };
        }
    }

    /** The container's own path and connection; the sender is changed. */
    private record Changed(FastPath path, UnaryOperator<RunSender> change) implements FastPath {
        @Override
        public String toString() {
            return "changed, " + path;
        }

        @Override
        public RunSender sender(Session session, RemoteEndpoint.Async remote, RunSender portable)
                throws ReflectiveOperationException {
            return change.apply(path.sender(session, remote, portable));
        }

        @Override
        public Loopback.Opener loopback(Session session) throws ReflectiveOperationException {
            Loopback.Opener opener = path.loopback(session);
            return cut -> new ChangedLoopback(opener.open(cut), change);
        }
    }

    private record ChangedLoopback(Loopback loopback, UnaryOperator<RunSender> change) implements Loopback {
        @Override
        public Socket client() {
            return loopback.client();
        }

        @Override
        public RunSender sender() {
            return change.apply(loopback.sender());
        }

        @Override
        public void ping(ByteBuffer payload) throws IOException {
            loopback.ping(payload);
        }

        @Override
        public void sendClose() throws IOException {
            loopback.sendClose();
        }

        @Override
        public void close() {
            loopback.close();
        }
    }

    private FastPaths paths(UnaryOperator<RunSender> change, long millis) {
        return new FastPaths(Map.of("", type -> new Changed(finder.find(type), change)), millis);
    }

    /** What was said of paths of these tests; the nodes may say that they chose theirs. */
    private static List<String> said(CapturedLog log) {
        return log.lines().stream()
                .filter(line -> line.startsWith("WARNING ") || line.contains(" by changed, "))
                .toList();
    }

    private static RunSender sender(FastPaths paths, Session session) {
        var remote = session.getAsyncRemote();
        return paths.sender(session, remote, paths.portable(remote));
    }

    @Test
    void pathThatWritesWhatItShouldIsChosenAndLoggedOnceAndSessionsChangeOverToIt() {
        try (var line = line(a, "chosen");
                CapturedLog log = CapturedLog.of(FastPaths.class.getName());
                FastPaths paths = paths(sender -> sender, SelfTest.MILLIS)) {
            Session session = SessionView.raw(held.get("chosen"));
            RunSender first = sender(paths, session);
            Await.until("the test is over", () -> !said(log).isEmpty());
            assertTrue(
                    said(log).get(0).matches("INFO Runs are sent to .* by changed, the fast path for .* passed .*"),
                    said(log).toString());
            assertEquals(sender(), first.inUse().getClass());
            assertEquals(sender(), sender(paths, session).getClass());
            var outcome = new Outcome();
            Run run = Runs.ofTexts("now", "by it");
            first.send(run, outcome);
            line.receives(run);
            Await.until("it left", () -> outcome.told.equals(List.of("done")));
            assertEquals(1, said(log).size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void pathThatDoesNotIsNotUsedForAnySession(Fault fault) {
        long millis = fault.isSilent() ? 500 : SelfTest.MILLIS;
        try (var line = line(a, "faulty." + fault);
                CapturedLog log = CapturedLog.of(FastPaths.class.getName());
                FastPaths paths = paths(fault, millis)) {
            Session session = SessionView.raw(held.get("faulty." + fault));
            RunSender first = sender(paths, session);
            assertEquals(PortableSender.class, first.inUse().getClass());
            Await.until("the test is over", () -> !said(log).isEmpty());
            assertTrue(
                    said(log)
                            .get(0)
                            .startsWith("WARNING Runs are sent to "
                                    + session.getClass().getName() + " by the standard API"),
                    said(log).get(0));
            assertEquals(PortableSender.class, first.inUse().getClass());
            assertEquals(PortableSender.class, sender(paths, session).getClass());
            var outcome = new Outcome();
            Run run = Runs.ofTexts("by the", "standard API");
            first.send(run, outcome);
            line.receives(run);
            Await.until("it left", () -> outcome.told.equals(List.of("done")));
            assertEquals(1, said(log).size(), said(log).toString());
        }
    }

    @Test
    void runThatTheSocketCannotTakeAtOnceIsAmongThem() {
        var progress = new AtomicInteger();
        try (var line = line(a, "progress");
                CapturedLog log = CapturedLog.of(FastPaths.class.getName());
                FastPaths paths = paths(sender -> counting(sender, progress), SelfTest.MILLIS)) {
            sender(paths, SessionView.raw(held.get("progress")));
            Await.until("the test is over", () -> !said(log).isEmpty());
            assertTrue(said(log).get(0).startsWith("INFO "), said(log).get(0));
            assertTrue(progress.get() > 0, "it made progress before it was done");
        }
    }

    private static RunSender counting(RunSender sender, AtomicInteger progress) {
        return new RunSender() {
            @Override
            public void send(Run run, Completion completion) {
                sender.send(run, new Completion() {
                    @Override
                    public void progress() {
                        progress.incrementAndGet();
                    }

                    @Override
                    public void done() {
                        completion.done();
                    }

                    @Override
                    public void busy(int sent) {
                        completion.busy(sent);
                    }

                    @Override
                    public void failed(Throwable cause) {
                        completion.failed(cause);
                    }
                });
            }

            @Override
            public @Nullable Executor affinity() {
                return sender.affinity();
            }
        };
    }

    @Test
    void hubThatClosesMeanwhileCutsTheTestShortWithoutAWord() {
        try (var line = line(a, "cut");
                CapturedLog log = CapturedLog.of(FastPaths.class.getName())) {
            FastPaths paths = paths(Fault.NEVER_SAYS_DONE, SelfTest.MILLIS);
            RunSender first = sender(paths, SessionView.raw(held.get("cut")));
            paths.close();
            awaitTheEndOfItsThreads();
            assertEquals(List.of(), said(log));
            assertEquals(PortableSender.class, first.inUse().getClass());
            assertFalse(line.session().sender() == PortableSender.class);
        }
    }

    /** While the loopback opens, during the test, while it is closed, and when all is over. */
    @Test
    void hubThatClosesAtAnyMomentLeavesNoThread() {
        try (var line = line(a, "any")) {
            for (int i = 0; i < 60; i++) {
                FastPaths paths = paths(sender -> sender, SelfTest.MILLIS);
                sender(paths, SessionView.raw(held.get("any")));
                long later = System.nanoTime() + i * 500_000L;
                while (System.nanoTime() - later < 0) {
                    Thread.onSpinWait();
                }
                paths.close();
                awaitTheEndOfItsThreads();
            }
            assertTrue(line.session().sender() != null);
        }
    }

    private static void awaitTheEndOfItsThreads() {
        Await.until(
                "its threads have ended",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().startsWith("fanfare-self-test")));
    }
}
