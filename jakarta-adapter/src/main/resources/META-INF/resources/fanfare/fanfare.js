// @ts-check
/**
 * The browser's half of the protocol fanfare.v1: reconnects, and resumes on any node where the last one left off.
 * No dependencies, no build: <script src="/fanfare/fanfare.js"></script>, then fanfare.connect(url, { ... }).
 *
 * @typedef {Object} Received
 * @property {string | null} channel null if it was sent to this client alone
 * @property {string | null} position where it stands in the channel's history, if there is one: to be kept as it is
 * @property {string | Uint8Array} data
 *
 * @typedef {Object} Joined
 * @property {string | null} channel
 * @property {boolean} again whether it had been joined before, on this node or another
 * @property {boolean} resumed whether nothing is missing since then
 * @property {number} replayed how many messages came from history
 * @property {string | null} gap why messages are missing, if any are
 * @property {number | null} lost how many are missing, if that is known
 *
 * @typedef {Object} Gap
 * @property {string} channel
 * @property {string} reason
 * @property {number | null} lost how many messages are missing, if that is known
 *
 * @typedef {Object} State
 * @property {'connecting' | 'open' | 'waiting' | 'closed'} name
 * @property {string} url of the node in question
 * @property {number} code the close code of the last connection; 1006 if it ended without, 0 before there was one
 * @property {string} reason
 * @property {number} retryMillis when the next attempt begins, if waiting
 *
 * @typedef {Object} Options
 * @property {number} [last] how many messages to begin with where history is kept, up to 1,000
 * @property {(message: Received) => void} [onMessage]
 * @property {(joined: Joined) => void} [onJoined]
 * @property {(gap: Gap) => void} [onGap] messages may be missing before those that come next
 * @property {(state: State) => void} [onState]
 * @property {number} [quietMillis] after how long without a word the server is asked whether it is there
 *
 * @typedef {Object} Connection
 * @property {(data: string) => boolean} send hands a text to the server; false if there is no connection
 * @property {() => void} retry connects now, if it waits
 * @property {() => void} suspect gives the connection up, if there is one, and connects anew
 * @property {() => void} close ends it for good
 *
 * @typedef {Object} Place up to where a channel came
 * @property {string} position the last one
 * @property {Map<string, string>} epochs the greatest offset of each epoch that is known
 */
(function (global) {
  'use strict';

  const PROTOCOL = 'fanfare.v1';
  const FIRST_RETRY_MS = 500;
  const LONGEST_RETRY_MS = 15000;
  const CONNECT_WITHIN_MS = 8000;
  const STEADY_AFTER_MS = 5000;
  const QUIET_MS = 20000;
  const ANSWER_WITHIN_MS = 8000;
  const MAX_POSITIONS = 100; // a server takes no more
  const MAX_EPOCHS = 32;
  const ABNORMAL = 1006;
  const GOING_AWAY = 1001;
  const GONE_FOR_MS = 1000; // it closes sessions first, and its port last
  // These say that another attempt would end like this one: a defect of one side, or no right to be here.
  const FINAL = [1002, 1003, 1007, 1008];

  function nothing() {}

  /** @param {string} base64 */
  function bytes(base64) {
    return Uint8Array.from(global.atob(base64), (c) => c.charCodeAt(0));
  }

  /**
   * Whether one whole number is greater than another: as texts, because numbers of JavaScript would not hold them.
   * @param {string} one
   * @param {string} other
   */
  function isGreater(one, other) {
    return one.length === other.length ? one > other : one.length > other.length;
  }

  /**
   * Opens a connection, and opens it anew whenever it ends.
   *
   * @param {string | string[]} url of the endpoint, or those of several nodes, which take their turns; the array is read at
   *     every attempt, so it may grow
   * @param {Options} [given]
   * @returns {Connection}
   */
  function connect(url, given) {
    const options = given || {};
    const onMessage = options.onMessage || nothing;
    const onJoined = options.onJoined || nothing;
    const onGap = options.onGap || nothing;
    const onState = options.onState || nothing;
    const quietMillis = options.quietMillis || QUIET_MS;

    /** Where each channel with history is, the one that moved last at the end. @type {Map<string, Place>} */
    const places = new Map();
    /** The channels that the client was told to have joined, on this node or before. @type {Set<string>} */
    const channels = new Set();
    /** How many messages of a channel came over this connection although they had come before. @type {Map<string, number>} */
    const repeated = new Map();
    /** Of which channels messages with a position came over this connection. @type {Set<string>} */
    const fresh = new Set();
    /** @type {WebSocket | null} */
    let socket = null;
    let node = 0;
    let isOpen = false;
    let isClosed = false;
    let speaks = false;
    let wasOpen = false;
    let attempts = 0;
    let spreadMillis = 0;
    let retryTimer = 0;
    let connectTimer = 0;
    let steadyTimer = 0;
    let quietTimer = 0;

    function urls() {
      return typeof url === 'string' ? [url] : url;
    }

    function current() {
      const all = urls();
      return all[node % all.length];
    }

    /**
     * @param {State['name']} name
     * @param {number} code
     * @param {string} reason
     * @param {number} retryMillis
     */
    function state(name, code, reason, retryMillis) {
      onState({ name: name, url: current(), code: code, reason: reason, retryMillis: retryMillis });
    }

    function open() {
      global.clearTimeout(retryTimer);
      retryTimer = 0;
      state('connecting', 0, '', 0);
      const opening = new WebSocket(current(), PROTOCOL);
      socket = opening;
      connectTimer = global.setTimeout(() => abandon(opening), CONNECT_WITHIN_MS);
      opening.onopen = () => opened(opening);
      opening.onmessage = (event) => received(opening, event.data);
      opening.onclose = (event) => lost(opening, event.code, event.reason);
      // An engine that connects on a thread of its own may be done before it could be told whom to tell.
      if (opening.readyState === WebSocket.OPEN) {
        opened(opening);
      } else if (opening.readyState === WebSocket.CLOSED) {
        lost(opening, ABNORMAL, '');
      }
    }

    /** @param {WebSocket} opening */
    function opened(opening) {
      if (opening !== socket || isOpen) {
        return;
      }
      isOpen = true;
      fresh.clear();
      repeated.clear();
      global.clearTimeout(connectTimer);
      // Browsers end a connection that has no protocol although they asked for one; other engines may go on without.
      speaks = opening.protocol === PROTOCOL;
      if (speaks) {
        opening.send(JSON.stringify({ type: 'hello', positions: positions(), last: options.last || 0 }));
        listen(opening);
      }
      // A server that accepts and drops at once must not be asked again at once.
      steadyTimer = global.setTimeout(() => { attempts = 0; }, STEADY_AFTER_MS);
      state('open', 0, '', 0);
      if (!speaks) {
        onJoined({ channel: null, again: wasOpen, resumed: false, replayed: 0, gap: null, lost: null });
      }
      wasOpen = true;
    }

    function positions() {
      /** @type {Object<string, string>} */
      const resume = {};
      Array.from(places).slice(-MAX_POSITIONS).forEach(([channel, place]) => { resume[channel] = place.position; });
      return resume;
    }

    /**
     * Moves a channel on.
     *
     * @param {string} channel
     * @param {string} position
     * @returns {boolean} false if the channel had come there, or further, before
     */
    function move(channel, position) {
      const place = places.get(channel) || { position: position, epochs: new Map() };
      const dash = position.indexOf('-');
      const epoch = position.slice(0, dash);
      const offset = position.slice(dash + 1);
      const greatest = place.epochs.get(epoch);
      if (greatest !== undefined && !isGreater(offset, greatest)) {
        return false;
      }
      place.position = position;
      place.epochs.set(epoch, offset);
      if (place.epochs.size > MAX_EPOCHS) {
        place.epochs.delete(Array.from(place.epochs.keys())[0]);
      }
      places.delete(channel);
      places.set(channel, place);
      return true;
    }

    /**
     * A browser may take minutes to notice that nobody is there: whoever is silent is asked.
     * @param {WebSocket} to
     */
    function listen(to) {
      global.clearTimeout(quietTimer);
      quietTimer = global.setTimeout(() => {
        to.send('{"type":"ping"}');
        quietTimer = global.setTimeout(() => abandon(to), ANSWER_WITHIN_MS);
      }, quietMillis);
    }

    /**
     * @param {WebSocket} from
     * @param {string} data
     */
    function received(from, data) {
      if (from !== socket) {
        return;
      }
      if (!speaks) {
        onMessage({ channel: null, position: null, data: data });
        return;
      }
      listen(from);
      const frame = JSON.parse(data);
      switch (frame.type) {
        case 'hello':
          spreadMillis = frame.spreadMillis || 0;
          break;
        case 'message':
          message(frame);
          break;
        case 'joined':
          joined(frame);
          break;
        case 'left':
          channels.delete(frame.channel);
          places.delete(frame.channel);
          fresh.delete(frame.channel);
          repeated.delete(frame.channel);
          break;
        case 'gap':
          onGap({ channel: frame.channel, reason: frame.reason, lost: count(frame.lost) });
          break;
        default: // pong, or what a later server has to say
      }
    }

    /** @param {number | undefined} number */
    function count(number) {
      return typeof number === 'number' ? number : null;
    }

    /** @param {{channel?: string, position?: string, data: string, base64?: string}} frame */
    function message(frame) {
      const channel = frame.channel === undefined ? null : frame.channel;
      if (channel !== null && frame.position) {
        fresh.add(channel);
        if (!move(channel, frame.position)) {
          repeated.set(channel, (repeated.get(channel) || 0) + 1);
          return;
        }
      }
      onMessage({
        channel: channel,
        position: frame.position || null,
        data: frame.base64 === undefined ? frame.data : bytes(frame.base64),
      });
    }

    /** @param {{channel: string, position?: string, resumed: boolean, replayed: number, gap?: string, lost?: number}} frame */
    function joined(frame) {
      const again = channels.has(frame.channel);
      // Live messages may have come before this word, and they are further.
      if (frame.position && !fresh.has(frame.channel)) {
        move(frame.channel, frame.position);
      }
      channels.add(frame.channel);
      onJoined({
        channel: frame.channel,
        again: again,
        resumed: frame.resumed,
        replayed: frame.replayed - (repeated.get(frame.channel) || 0),
        gap: frame.gap || null,
        lost: count(frame.lost),
      });
    }

    /**
     * @param {WebSocket} ended
     * @param {number} code
     * @param {string} reason
     */
    function lost(ended, code, reason) {
      if (ended !== socket) {
        return;
      }
      socket = null;
      isOpen = false;
      global.clearTimeout(connectTimer);
      global.clearTimeout(steadyTimer);
      global.clearTimeout(quietTimer);
      if (isClosed || FINAL.indexOf(code) >= 0) {
        end();
        state('closed', code, reason, 0);
        return;
      }
      const delay = retryAfter(code);
      attempts += 1;
      retryTimer = global.setTimeout(open, delay);
      state('waiting', code, reason, delay);
      node = (node + 1) % urls().length;
    }

    /**
     * Full jitter, so that the pages of a node that is gone do not come back in one wave; a node that says goodbye said
     * before how wide that wave has to be.
     * @param {number} code
     */
    function retryAfter(code) {
      const ceiling = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * Math.pow(2, attempts));
      if (code !== GOING_AWAY) {
        return Math.random() * ceiling;
      }
      return (urls().length === 1 ? GONE_FOR_MS : 0) + Math.random() * Math.max(spreadMillis, ceiling);
    }

    /** @param {WebSocket | null} silent */
    function abandon(silent) {
      if (silent !== null) {
        lost(silent, ABNORMAL, 'no answer');
        silent.close();
      }
    }

    function retry() {
      if (socket === null && !isClosed) {
        open();
      }
    }

    // The network is back: what failed before says nothing any more.
    function online() {
      attempts = 0;
      retry();
    }

    function end() {
      isClosed = true;
      global.clearTimeout(retryTimer);
      global.removeEventListener('online', online);
    }

    global.addEventListener('online', online);

    open();

    return {
      send(data) {
        if (socket === null || !isOpen || socket.readyState > WebSocket.OPEN) {
          retry();
          return false;
        }
        socket.send(speaks ? JSON.stringify({ type: 'send', data: data }) : data);
        return true;
      },
      retry: retry,
      suspect() {
        abandon(isOpen ? socket : null);
      },
      close() {
        end();
        if (socket !== null) {
          socket.close(1000);
        }
      },
    };
  }

  /** @type {any} */ (global).fanfare = { connect: connect, PROTOCOL: PROTOCOL };
})(window);
