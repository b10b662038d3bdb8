using System.CommandLine;
using Byok.Copying;
using Cloud.Stores;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Reencrypting;

/// <summary>The <c>reencrypt</c> verb: what runs in the pods of the Job that
/// puts a store's old objects under its new key.</summary>
internal static class ReencryptCommand
{
    public const string Verb = "reencrypt";

    /// <param name="connect">Makes the data plane for an order, once the arguments are understood.</param>
    public static Command Create(
        Func<ReencryptionOptions, ReencryptionPorts> connect, TimeProvider time, ILoggerFactory logs)
    {
        var arguments = new Arguments();
        var command = new Command(Verb,
            "Puts one shard of what stands in a store under the store's new key, and counts until nothing stands "
                + "under an old one.");
        arguments.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var options = arguments.Read(parsed);
            if (options.Fault() is { } fault)
            {
                await Console.Error.WriteLineAsync($"byok-operator: {fault}");
                return (int)CopyExit.BadArguments;
            }

            return (int)await new ReencryptionRun(options, connect(options), time,
                logs.CreateLogger<ReencryptionRun>()).RunAsync(cancellation);
        });
        return command;
    }

    private sealed class Arguments
    {
        private readonly Option<StoreRef> store =
            CopyCommand.Store("--store", $"Where the data is, as {PlaceText.StoreForms}.");
        private readonly Option<string> key =
            new("--key") { Description = $"Full id of the new key: {PlaceText.KeyForms}.", Required = true };
        private readonly Option<string[]> oldKeys = new("--old-key")
        {
            Description = "Full id of a key that objects stand under; once for each.",
            Required = true,
            Arity = ArgumentArity.OneOrMore,
        };
        private readonly Option<ReencryptionEngine> engine = new("--engine")
        {
            Description = "Update (the data key is wrapped anew) or Copy (the object is written over with itself).",
            Required = true,
        };
        private readonly ShardArguments shard =
            new("Objects under way at once; fewer while the store asks to slow down.");
        private readonly Option<string> run =
            new("--run") { Description = "Fingerprint of this run; names its marks.", Required = true };

        public void AddTo(Command command)
        {
            Option[] all = [store, key, oldKeys, engine, shard.BucketKey, run, shard.Shards, shard.Shard, shard.Attempt,
                shard.Concurrency];
            foreach (var option in all)
            {
                command.Options.Add(option);
            }
        }

        public ReencryptionOptions Read(ParseResult parsed)
        {
            var place = parsed.GetRequiredValue(store);
            return new ReencryptionOptions
            {
                Store = place,
                Key = PlaceText.Key(parsed.GetRequiredValue(key), place),
                OldKeys = parsed.GetRequiredValue(oldKeys),
                Engine = parsed.GetRequiredValue(engine),
                BucketKey = parsed.GetValue(shard.BucketKey),
                Fingerprint = parsed.GetRequiredValue(run),
                Shards = parsed.GetValue(shard.Shards),
                Shard = parsed.GetValue(shard.Shard),
                Attempt = parsed.GetValue(shard.Attempt),
                Concurrency = parsed.GetValue(shard.Concurrency),
            };
        }
    }
}
