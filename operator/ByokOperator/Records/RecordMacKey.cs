using System.Security.Cryptography;
using System.Text;
using ByokOperator.Api;
using Kube.Client;
using Kube.Core;
using Kube.Core.Kinds;
using Microsoft.Extensions.Logging;

namespace ByokOperator.Records;

/// <summary>
/// The key of the records' MACs: the Secret <c>byok-records-key</c>, made once, when neither it nor any record stands.
/// Read when this process begins to lead and kept in memory. Where it is gone and records stand, nothing is signed and
/// no record is authentic, until the Secret is restored from a backup, or the records are deleted.
/// </summary>
internal sealed partial class RecordMacKey(string ns, TimeProvider time, ILogger<RecordMacKey> logger) : IDisposable
{
    public const string SecretName = "byok-records-key";
    public const string ChildKind = "records-key";
    public const string KeyEntry = "key";

    private const int KeyBytes = 32;

    /// <summary>Missing: looked for again this often, so that a restored Secret counts without a restart.</summary>
    private static readonly TimeSpan pauseMissing = TimeSpan.FromSeconds(15);

    /// <summary>Not answered: no record is trusted meanwhile,
    /// and a server that failed once mostly answers the next time.</summary>
    private static readonly TimeSpan pauseUnread = TimeSpan.FromSeconds(1);

    /// <summary>Of whoever reads now; the others wait for it, and go on where it ends:
    /// in the simulation that is the one thread of its run.</summary>
    private TaskCompletionSource? reading;

    private volatile byte[]? key;
    private volatile string? mend;
    private (long At, TimeSpan Pause)? asked;

    public bool IsReady => key is not null;

    /// <summary>Tells this one from any other.</summary>
    public object Identity { get; } = new();

    /// <summary>What a person has to do before records can be trusted again;
    /// null where nothing is known to be missing.</summary>
    public string? Fix => mend;

    /// <summary>Cheap once it is read. Never throws but for a cancellation:
    /// without the key records only lose their trust.</summary>
    public async Task EnsureAsync(KubeClient kube, CancellationToken cancellation)
    {
        while (!IsReady)
        {
            var mine = new TaskCompletionSource();
            if (Interlocked.CompareExchange(ref reading, mine, null) is { } other)
            {
                await other.Task.WaitAsync(cancellation);
                continue;
            }

            try
            {
                await TryReadAsync(kube, cancellation);
                return;
            }
            finally
            {
                Volatile.Write(ref reading, null);
                mine.SetResult();
            }
        }
    }

    /// <summary>In fixed time; false where there is no key to tell by.</summary>
    public bool Fits(string name, string text, string? mac)
    {
        Span<byte> told = stackalloc byte[HMACSHA256.HashSizeInBytes];
        return key is { } secret && mac is { Length: <= 64 } && Convert.TryFromBase64String(mac, told, out var length)
            && length == told.Length && CryptographicOperations.FixedTimeEquals(told, Of(secret, name, text));
    }

    /// <summary>Throws <see cref="ByokOperator.Reconciling.RefusedActException"/>
    /// where nothing can be signed.</summary>
    public string Sign(string name, string text) => key is { } secret
        ? Convert.ToBase64String(Of(secret, name, text))
        : throw new Reconciling.RefusedActException("RecordsKeyMissing", mend
            ?? $"the Secret {SecretName} was not read yet");

    public void Dispose()
    {
        if (key is { } secret)
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static byte[] Of(byte[] secret, string name, string text) =>
        HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes($"{name}\n{text}"));

    private async Task TryReadAsync(KubeClient kube, CancellationToken cancellation)
    {
        try
        {
            if (!IsReady && (asked is not { } last || time.GetElapsedTime(last.At) >= last.Pause))
            {
                await ReadAsync(kube, cancellation);
                asked = (time.GetTimestamp(), pauseMissing);
            }
        }
        catch (Exception failed) when (!cancellation.IsCancellationRequested)
        {
            asked = (time.GetTimestamp(), pauseUnread);
            Miss(
                $"the Secret {SecretName} can't be read ({failed.GetType().Name}): see the operator's rights in its "
                    + "own namespace");
        }
    }

    private async Task ReadAsync(KubeClient kube, CancellationToken cancellation)
    {
        var standing = await kube.Api<Secret>().TryGetAsync(new ObjectKey(ns, SecretName), cancellation);
        if (standing is null && await IsFirstAsync(kube, cancellation))
        {
            standing = await MakeAsync(kube, cancellation);
            LogMade(ns, SecretName);
        }

        if (standing?.Data?.GetValueOrDefault(KeyEntry) is { Length: KeyBytes } secret)
        {
            (key, mend) = (secret, null);
            return;
        }

        Miss(standing is null
            ? $"the Secret {SecretName} is gone and records signed with it stand: restore it from the backup"
            : $"the Secret {SecretName} does not hold {KeyBytes} bytes in its entry {KeyEntry}: restore it from the "
                + "backup");
    }

    private void Miss(string sentence)
    {
        if (mend != sentence)
        {
            LogMissing(ns, sentence);
        }

        mend = sentence;
    }

    private async Task<bool> IsFirstAsync(KubeClient kube, CancellationToken cancellation) =>
        (await kube.Api<PartialObject<ConfigMap>>()
            .ListPageAsync(new Selection(ns, RecordCodec.Label), null, cancellation,
                new PageSize(1))) is { Items.Count: 0, Unreadable.Count: 0 };

    private async Task<Secret?> MakeAsync(KubeClient kube, CancellationToken cancellation)
    {
        var made = new Secret
        {
            Metadata = new ObjectMeta { Name = SecretName, Namespace = ns, Labels = Children.LabelsFor(ChildKind) },
            Type = "Opaque",
            Immutable = true,
            Data = new Dictionary<string, byte[]> { [KeyEntry] = RandomNumberGenerator.GetBytes(KeyBytes) },
        };
        try
        {
            return await kube.Api<Secret>().CreateAsync(made, cancellation, Children.FieldManager);
        }
        catch (KubeException exists) when (exists.Status.IsAlreadyExists)
        {
            return await kube.Api<Secret>().TryGetAsync(made.Metadata.Key, cancellation);
        }
    }
}
