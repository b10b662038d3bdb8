using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Cloud.Keys;
using Cloud.Objects;
using Cloud.Stores;
using Microsoft.Extensions.Logging;

namespace Byok.Copying;

/// <summary>The <c>copy</c> verb: what runs in the pods of a migration Job.</summary>
public static class CopyCommand
{
    public const string Verb = "copy";

    /// <summary>Kubernetes tells each pod of an Indexed Job its index here.</summary>
    public const string ShardVariable = "JOB_COMPLETION_INDEX";

    /// <param name="connect">Makes the data plane for an order, once the arguments are understood.</param>
    /// <param name="output">Where progress is shown; the console when left out.</param>
    public static Command Create(
        Func<CopyOptions, IObjectData> connect, TimeProvider time, ILoggerFactory logs, TextWriter? output = null)
    {
        var arguments = new Arguments();
        var command = new Command(Verb,
            "Copies one shard of a tenant's data under the tenant's key and records what was copied.");
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = arguments.Read(parsed);
            if (options.Fault() is { } fault)
            {
                await Console.Error.WriteLineAsync($"byok-operator: {fault}");
                return (int)CopyExit.BadArguments;
            }

            using var display =
                new CopyDisplay(output ?? Console.Out, output is null && !Console.IsOutputRedirected, time);
            var run = new CopyRun(options, connect(options), time, logs.CreateLogger<CopyRun>(), display);
            return (int)await run.RunAsync(cancellation);
        });
        return command;
    }

    /// <summary>A pod that took another's shard for its own would leave one undone.</summary>
    public static int OwnIndex(ArgumentResult result)
    {
        if (Environment.GetEnvironmentVariable(ShardVariable) is not { Length: > 0 } text)
        {
            return 0;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return index;
        }

        result.AddError($"{ShardVariable} is '{text}': it is the pod's index in its Job, from 0");
        return 0;
    }

    public static Option<StoreRef> Store(string name, string description) => new(name)
    {
        Description = description,
        Required = true,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            var store = PlaceText.Store(text);
            if (store is null)
            {
                result.AddError($"{name} '{text}' must be {PlaceText.StoreForms}");
            }

            return store;
        },
    };

    private sealed class Arguments
    {
        private readonly Option<StoreRef> source = Store("--source", $"Where the data is, as {PlaceText.StoreForms}.");
        private readonly Option<StoreRef> target =
            Store("--target", "Where it goes, in the same form and the same cloud.");
        private readonly Option<string?> prefix = new("--prefix")
        {
            Description =
                "The tenant's prefix, with its slash. Left out: all of a container of Azure's, or with --whole of a "
                    + "bucket.",
        };
        private readonly Option<bool> whole = new("--whole")
        {
            Description = "All of the source, a dedicated store's own bucket, but what the operator keeps there.",
        };
        private readonly Option<string> key = new("--key")
        {
            Description =
                $"Full id of the tenant's key: {PlaceText.KeyForms}; on AWS in the target's region. With --return "
                    + $"what the shared place encrypts by, {KeyRef.StoreManaged} and azure:{KeyRef.AccountManaged} "
                    + $"among it.",
            Required = true,
        };
        private readonly ShardArguments shard = new("Keys copied at once; fewer while the store asks to slow down.");
        private readonly Option<string> run =
            new("--run") { Description = "Fingerprint of this run; names its manifest.", Required = true };
        private readonly Option<string?> previous =
            new("--previous") { Description = "Fingerprint of the bulk run; makes this a delta run." };

        private readonly Option<string?> back = new("--return")
        {
            Description =
                "Token of the hold on the shared place that a store's data goes back to; marks then stand in the "
                    + "source.",
        };
        private readonly Option<string?> marksKey = new("--marks-key")
        {
            Description = "With --return: full id of the tenant's key, which marks are written under.",
        };

        private readonly Option<VerificationMode> verification = new("--verification")
        {
            Description = "Checksum (stored checksums, else both contents read) or Metadata (size and key).",
            DefaultValueFactory = _ => VerificationMode.Checksum,
        };

        public void AddTo(Command command)
        {
            Option[] all =
            [
                source, prefix, whole, target, key, shard.BucketKey, run, previous, shard.Shards, shard.Shard,
                shard.Attempt, verification, shard.Concurrency, back, marksKey,
            ];
            foreach (var option in all)
            {
                command.Options.Add(option);
            }
        }

        public CopyOptions Read(ParseResult parsed)
        {
            var to = parsed.GetRequiredValue(target);
            return new CopyOptions
            {
                Source = parsed.GetRequiredValue(source),
                Prefix = parsed.GetValue(prefix) ?? "",
                IsWhole = parsed.GetValue(whole),
                Target = to,
                Key = PlaceText.Key(parsed.GetRequiredValue(key), to),
                BucketKey = parsed.GetValue(shard.BucketKey),
                Fingerprint = parsed.GetRequiredValue(run),
                PreviousFingerprint = parsed.GetValue(previous),
                Shards = parsed.GetValue(shard.Shards),
                Shard = parsed.GetValue(shard.Shard),
                Attempt = parsed.GetValue(shard.Attempt),
                Verification = parsed.GetValue(verification),
                Concurrency = parsed.GetValue(shard.Concurrency),
                Return = parsed.GetValue(back),
                MarksKey = parsed.GetValue(marksKey) is { } text ? PlaceText.Key(text, to) : null,
            };
        }
    }
}
