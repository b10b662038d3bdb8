using System.Runtime.CompilerServices;
using Cloud;
using Cloud.Keys;

namespace Simulation.Real.Clouds;

/// <summary>The platform's own keys as one process reaches them.</summary>
internal sealed class SimImports(Account account, Line line, Action leave) : IImportedKeys
{
    public async Task<ImportedKey?> FindAsync(ImportPlace place, CancellationToken cancellation)
    {
        await ReachAsync(place, cancellation);
        return account.Imports.Named(place) is { } named ? Shown(named) : null;
    }

    public async Task<IReadOnlyList<ImportedKey>> ScanAsync(ImportPlace place, CancellationToken cancellation)
    {
        await ReachAsync(place, cancellation);
        return [.. Listed(place).Where(key => key.Import!.Owner.Uid == place.Owner.Uid).Select(Shown)];
    }

    public async Task<IReadOnlyList<EarlierKey>> FindEarlierAsync(ImportPlace place, CancellationToken cancellation)
    {
        await ReachAsync(place, cancellation);
        return
        [
            .. Listed(place).Where(key => !key.Import!.IsGoing && key.Import.Owner is var owner && owner.Uid != place.Owner.Uid
                    && owner.Tenant == place.Owner.Tenant && owner.Namespace == place.Owner.Namespace && owner.Name == place.Owner.Name)
                .Select(key => new EarlierKey(Shown(key), key.Import!.Owner.Uid)),
        ];
    }

    public async Task<ImportedKey> CreateAsync(ImportPlace place, DataPrincipal workloads, CancellationToken cancellation)
    {
        var call = await WriteAsync(place, cancellation);
        var made = account.Imports.Make(place, line.Time.Now);
        Done(call, nameof(CreateAsync));
        return Shown(made);
    }

    public async Task<NamingOutcome> NameAsync(ImportPlace place, KeyRef key, CancellationToken cancellation)
    {
        var call = await WriteAsync(place, cancellation);
        var holder = account.Imports.Name(place, account.Keys[key.Id]);
        Done(call, nameof(NameAsync));
        return holder.Arn == key.Id ? new NamingOutcome.Named() : new NamingOutcome.TakenBy(Shown(holder));
    }

    public async Task<ImportOutcome> ImportAsync(
        ImportPlace place, KeyRef key, ReadOnlyMemory<byte> material, MaterialExpiry expiry, string? materialId, CancellationToken cancellation)
    {
        var call = await WriteAsync(place, cancellation);
        var which = Handed.Which(material.Span);
        if (account.Keys.GetValueOrDefault(key.Id) is not { Import: { } import } there)
        {
            return new ImportOutcome.KeyMissing();
        }

        if (import.IsGoing || there.IsDisabled || (import.BoundTo != 0 && import.BoundTo != which))
        {
            return import.IsGoing ? new ImportOutcome.KeyPendingDeletion() : there.IsDisabled ? new ImportOutcome.KeyDisabled() : new ImportOutcome.IncorrectMaterial();
        }

        if (expiry is MaterialExpiry.At end && end.ValidTo <= line.Time.Now)
        {
            return new ImportOutcome.Refused("ValidationException", "validTo lies in the past");
        }

        account.Imports.Importing?.Invoke(there, which);
        (import.BoundTo, import.Expiry) = (which, expiry);
        there.Material = import.Material;
        Done(call, nameof(ImportAsync));
        return new ImportOutcome.Imported(IdOf(import));
    }

    public async Task<IReadOnlyList<HeldMaterial>> MaterialsAsync(ImportPlace place, KeyRef key, CancellationToken cancellation)
    {
        await ReachAsync(place, cancellation);
        return account.Keys.GetValueOrDefault(key.Id) is { Import: { BoundTo: not 0 } import } there
            ? [new HeldMaterial(IdOf(import), MaterialUse.Current, there.Material != 0, there.Material == 0 ? null : import.Expiry)]
            : [];
    }

    /// <summary>No story raises a generation.</summary>
    public Task<ImportOutcome> ImportNewAsync(ImportPlace place, KeyRef key, ReadOnlyMemory<byte> material, MaterialExpiry expiry, CancellationToken cancellation) =>
        throw new CloudException(new CloudProblem.Refused("NoSecondMaterial", "a key holds one material here"), "kms:ImportKeyMaterial");

    public async Task<RotationOutcome> RotateAsync(ImportPlace place, KeyRef key, CancellationToken cancellation)
    {
        await ReachAsync(place, cancellation);
        return RotationOutcome.NothingPending;
    }

    public async Task DeleteMaterialAsync(ImportPlace place, KeyRef key, CancellationToken cancellation)
    {
        var call = await WriteAsync(place, cancellation);
        if (account.Keys.GetValueOrDefault(key.Id) is { Import: { } import } there)
        {
            (there.Material, import.Expiry) = (0, null);
        }

        Done(call, nameof(DeleteMaterialAsync));
    }

    public async Task ScheduleDeletionAsync(ImportPlace place, KeyRef key, TimeSpan window, CancellationToken cancellation)
    {
        var call = await WriteAsync(place, cancellation);
        if (account.Keys.GetValueOrDefault(key.Id) is { Import: { IsDestroyed: false } import } there)
        {
            account.Imports.Going?.Invoke(there);
            (import.IsGoing, import.IsDestroyed) = (true, true);
        }

        Done(call, nameof(ScheduleDeletionAsync));
    }

    private static ImportedKey Shown(CloudKey key) => new(
        new KeyRef(key.Region, key.Arn) { IsOurs = true },
        key.Import!.IsGoing ? ImportedKeyState.PendingDeletion : key.Material == 0 ? ImportedKeyState.PendingImport : key.IsDisabled ? ImportedKeyState.Disabled : ImportedKeyState.Enabled,
        key.Import.BoundTo == 0 ? null : IdOf(key.Import),
        key.Material == 0 ? null : key.Import.Expiry,
        Running.ManualTime.Start);

    /// <summary>Made of key and material, as KMS makes it.</summary>
    private static string IdOf(Imported import) => $"m{import.Material}";

    private IEnumerable<CloudKey> Listed(ImportPlace place) =>
        account.Imports.All.Where(key => key.Region == place.Region && key.Import!.ListedAt <= line.Time.Now).OrderBy(key => key.Import!.Number);

    private async Task<Striking> ReachAsync(ImportPlace place, CancellationToken cancellation)
    {
        var call = line.Call(Domain.Kms);
        await call.BeforeAsync(cancellation);
        return account.Silent.Contains(place.Region)
            ? throw new CloudException(new CloudProblem.Unreachable("Unreachable", "no answer came"), "kms")
            : call;
    }

    private async Task<Striking> WriteAsync(ImportPlace place, CancellationToken cancellation, [CallerMemberName] string name = "")
    {
        var call = await ReachAsync(place, cancellation);
        leave();
        if (account.Imports.EndsBefore == name)
        {
            account.Imports.EndsBefore = null;
            throw line.Crash();
        }

        return call;
    }

    private void Done(Striking call, string name)
    {
        if (account.Imports.EndsAfter == name)
        {
            account.Imports.EndsAfter = null;
            throw line.Crash();
        }

        call.After();
    }
}
