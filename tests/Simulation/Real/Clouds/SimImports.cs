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
            .. Listed(place)
                .Where(key => !key.Import!.IsGoing && key.Import.Owner is var owner && owner.Uid != place.Owner.Uid
                        && owner.Tenant == place.Owner.Tenant && owner.Namespace == place.Owner.Namespace
                        && owner.Name == place.Owner.Name)
                .Select(key => new EarlierKey(Shown(key), key.Import!.Owner.Uid)),
        ];
    }

    public async Task<ImportedKey> CreateAsync(
        ImportPlace place, DataPrincipal workloads, CancellationToken cancellation)
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
        ImportPlace place, KeyRef key, ReadOnlyMemory<byte> material, MaterialExpiry expiry, string? materialId,
        CancellationToken cancellation)
    {
        var call = await WriteAsync(place, cancellation);
        var which = Handed.Which(material.Span);
        if (account.Keys.GetValueOrDefault(key.Id) is not { Import: { } import } there)
        {
            return new ImportOutcome.KeyMissing();
        }

        var held = import.Given.Find(one => one.Secret == which);
        if (Refusal(there) is not null || (held is null && import.Given.Count > 0)
            || (held is not null && materialId is not null && IdOf(import, held) != materialId))
        {
            return Refusal(there) ?? new ImportOutcome.IncorrectMaterial();
        }

        if (IsPast(expiry))
        {
            return new ImportOutcome.Refused("ValidationException", "validTo lies in the past");
        }

        account.Imports.Importing?.Invoke(there, which);
        if (held is null)
        {
            import.Given.Add(held = new Given(which, MaterialUse.Current));
        }

        held.Expiry = expiry;
        Done(call, nameof(ImportAsync));
        return new ImportOutcome.Imported(IdOf(import, held));
    }

    public async Task<IReadOnlyList<HeldMaterial>> MaterialsAsync(
        ImportPlace place, KeyRef key, CancellationToken cancellation)
    {
        await ReachAsync(place, cancellation);
        return account.Keys.GetValueOrDefault(key.Id) is { Import: { } import }
            ?
            [
                .. import.Given.Select(one =>
                    new HeldMaterial(IdOf(import, one), one.Use, one.IsHeld, one.Expiry) { RotatedAt = one.RotatedAt }),
            ]
            : [];
    }

    public async Task<ImportOutcome> ImportNewAsync(
        ImportPlace place, KeyRef key, ReadOnlyMemory<byte> material, MaterialExpiry expiry,
        CancellationToken cancellation)
    {
        var call = await WriteAsync(place, cancellation);
        var which = Handed.Which(material.Span);
        if (account.Keys.GetValueOrDefault(key.Id) is not { Import: { } import } there)
        {
            return new ImportOutcome.KeyMissing();
        }

        if (Refusal(there) is not null || import.Given.Exists(one => one.Secret == which) || IsPast(expiry))
        {
            return Refusal(there)
                ?? (IsPast(expiry) ? new ImportOutcome.Refused("ValidationException", "validTo lies in the past")
                    : new ImportOutcome.IncorrectMaterial());
        }

        if (import.Pending is not null || import.Current is null)
        {
            throw new CloudException(
                new CloudProblem.Conflict("KMSInvalidStateException",
                    "a material is pending, or the key never had one"), "kms:ImportKeyMaterial");
        }

        account.Imports.Importing?.Invoke(there, which);
        import.Given.Add(new Given(which, MaterialUse.PendingRotation) { Expiry = expiry });
        Done(call, nameof(ImportNewAsync));
        return new ImportOutcome.Imported(IdOf(import, import.Pending!));
    }

    public async Task<RotationOutcome> RotateAsync(ImportPlace place, KeyRef key, CancellationToken cancellation)
    {
        var call = await WriteAsync(place, cancellation);
        if (account.Keys.GetValueOrDefault(key.Id) is not { Import: { Pending.IsHeld: true } import } there)
        {
            return RotationOutcome.NothingPending;
        }

        if (there.IsOff || there.Material == 0)
        {
            throw new CloudException(new CloudProblem.Conflict("KMSInvalidStateException", "the key can't be used"),
                "kms:RotateKeyOnDemand");
        }

        if (import.Given.Count(one => one.RotatedAt is not null) >= IImportedKeys.MostRotations)
        {
            return RotationOutcome.NoneLeft;
        }

        account.Imports.Rotating?.Invoke(there);
        import.Rotate(line.Time.Now);
        Done(call, nameof(RotateAsync));
        return RotationOutcome.Rotated;
    }

    public async Task DeleteMaterialAsync(ImportPlace place, KeyRef key, CancellationToken cancellation)
    {
        var call = await WriteAsync(place, cancellation);
        account.Keys.GetValueOrDefault(key.Id)?.Import?.Lose();
        Done(call, nameof(DeleteMaterialAsync));
    }

    public async Task ScheduleDeletionAsync(
        ImportPlace place, KeyRef key, TimeSpan window, CancellationToken cancellation)
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
        key.Import!.IsGoing ? ImportedKeyState.PendingDeletion : key.Material == 0 ? ImportedKeyState.PendingImport
            : key.IsDisabled ? ImportedKeyState.Disabled : ImportedKeyState.Enabled,
        key.Import.Current is { } current ? IdOf(key.Import, current) : null,
        key.Import.Current?.Expiry,
        Running.ManualTime.Start);

    /// <summary>Made of key and material, as KMS makes it.</summary>
    private static string IdOf(Imported import, Given given) => $"m{import.Number(given)}";

    private static ImportOutcome? Refusal(CloudKey key) =>
        key.Import!.IsGoing ? new ImportOutcome.KeyPendingDeletion() : key.IsDisabled ? new ImportOutcome.KeyDisabled()
            : null;

    private bool IsPast(MaterialExpiry expiry) => expiry is MaterialExpiry.At end && end.ValidTo <= line.Time.Now;

    private IEnumerable<CloudKey> Listed(ImportPlace place) =>
        account.Imports.All.Where(key => key.Region == place.Region && key.Import!.ListedAt <= line.Time.Now)
            .OrderBy(key => key.Import!.Order);

    private async Task<Striking> ReachAsync(ImportPlace place, CancellationToken cancellation)
    {
        var call = line.Call(Domain.Kms);
        await call.BeforeAsync(cancellation);
        return account.Silent.Contains(place.Region)
            ? throw new CloudException(new CloudProblem.Unreachable("Unreachable", "no answer came"), "kms")
            : call;
    }

    private async Task<Striking> WriteAsync(
        ImportPlace place, CancellationToken cancellation, [CallerMemberName] string name = "")
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
