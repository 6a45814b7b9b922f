package dev.fanfare.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What Redis does to publish to a channel with history, in one step: as a Function where it has them, else as a script. The
 * text is the same; docs/wire-format.md says what it keeps.
 *
 * <p>An offset is a whole number below 2^53, because numbers of Lua are doubles; an epoch is not, so it is text of 19 digits:
 * microseconds of the clock of Redis, and three random digits, so that two servers do not begin the same one. A later epoch of a
 * channel is always greater, also if the clock went back, because positions are ids of one stream.
 */
final class HistoryScript {

    static final String LIBRARY = "fanfare1";
    static final String FUNCTION = "fanfare1_publish";

    /**
     * Keys: meta, stream. Arguments: run id, envelope, channel, length, age in ms, three random digits, PUBLISH or SPUBLISH.
     * Returns receivers and position.
     */
    private static final String BODY = """
            local meta, stream = keys[1], keys[2]
            local run, envelope, channel = args[1], args[2], args[3]
            local length, age = args[4], tonumber(args[5])
            local known = redis.pcall('HMGET', meta, 'run', 'epoch', 'top', 'kept')
            if known.err then
              redis.call('DEL', meta)
              known = {false, false, false, false}
            end
            local clock = redis.call('TIME')
            local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
            local epoch, top = known[2], tonumber(known[3] or '')

            local function begin()
              local past = epoch
              local micros = clock[1] .. string.format('%06d', tonumber(clock[2]))
              if past and #past == 19 and string.sub(past, 1, 16) >= micros then
                micros = string.format('%.0f', tonumber(string.sub(past, 1, 16)) + 1)
              end
              if past and top then
                local list = {}
                for one in string.gmatch(redis.call('HGET', meta, 'past') or '', '%S+') do
                  list[#list + 1] = one
                end
                list[#list + 1] = past .. '-' .. string.format('%.0f', top)
                local first = math.max(1, #list - 31)
                redis.call('HSET', meta, 'past', table.concat(list, ' ', first))
              end
              epoch, top = micros .. args[6], 0
              redis.call('HSET', meta, 'run', run, 'epoch', epoch, 'top', '0')
            end

            local function append()
              local id = epoch .. '-' .. string.format('%.0f', top + 1)
              return redis.pcall('XADD', stream, 'MAXLEN', '~', length, id, 'd', envelope)
            end

            if known[1] ~= run or not epoch or not top then
              begin()
            end
            local added = append()
            if type(added) == 'table' and added.err then
              if string.find(added.err, 'OOM', 1, true) then return added end
              begin()
              added = append()
              if type(added) == 'table' and added.err then
                redis.call('DEL', stream)
                added = append()
                if type(added) == 'table' and added.err then return added end
              end
            end
            top = top + 1
            local position = epoch .. '-' .. string.format('%.0f', top)
            redis.call('HSET', meta, 'top', string.format('%.0f', top))

            local marks = known[4] or ''
            local newest = tonumber(string.match(marks, '(%d+)=%S+$') or '')
            if not newest or now < newest or now - newest >= age / 8 then
              local kept, trim = {}, nil
              for at, id in string.gmatch(marks, '(%d+)=(%S+)') do
                if tonumber(at) <= now - age then
                  trim = id
                elseif tonumber(at) <= now then
                  kept[#kept + 1] = at .. '=' .. id
                end
              end
              kept[#kept + 1] = string.format('%.0f', now) .. '=' .. position
              redis.call('HSET', meta, 'kept', table.concat(kept, ' '))
              if trim then redis.call('XTRIM', stream, 'MINID', trim) end
              redis.call('PEXPIRE', stream, string.format('%.0f', age + math.floor(age / 4)))
              redis.call('PEXPIRE', meta, string.format('%.0f', math.max(2 * age, 3600000)))
            end

            local sent = string.sub(envelope, 1, 6) .. string.char(2) .. struct.pack('>I4', #position) .. position
                .. string.sub(envelope, 7)
            return {redis.call(args[7], channel, sent), position}
            """;

    /** What FUNCTION LOAD takes. */
    static final String FUNCTIONS = "#!lua name=" + LIBRARY + "\nredis.register_function('" + FUNCTION
            + "', function(keys, args)\n" + BODY + "end)\n";

    /** What EVAL takes. */
    static final String SCRIPT = "local keys, args = KEYS, ARGV\n" + BODY;

    /** By what EVALSHA knows it. */
    static final String SHA = sha1(SCRIPT);

    private HistoryScript() {}

    private static String sha1(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
