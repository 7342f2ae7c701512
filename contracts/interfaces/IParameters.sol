// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Parameters
/// @notice Every number that governance may set, versioned by epoch: what an epoch answered once it answers for ever,
/// so that whatever is pending is settled by the rules it began with. `docs/parameters.md` has the values, their hard
/// bounds and reasons.
/// @dev Shares are in basis points (1/10,000), times in seconds and in blocks (both must pass), stake in milli-MIEL
/// (1e15 wei).
interface IParameters {
    /// @notice Rules of accepting and missing a job.
    /// @param freeExit seconds after acceptance in which a provider leaves without cost
    /// @param lateness share of the lock that is burned when no result came by the deadline
    /// @param inputFault share of the escrow that a requester loses, burned, for an input outside its declared range
    /// @param minimumStake what a provision must hold, not thawing, to take a job (milli-MIEL)
    /// @param collateralFloor least lock of a job (milli-MIEL)
    /// @param collateralPerJobHeld added to the lock for each job that the provider already holds (milli-MIEL)
    struct JobRules {
        uint32 freeExit;
        uint16 lateness;
        uint16 inputFault;
        uint40 minimumStake;
        uint40 collateralFloor;
        uint40 collateralPerJobHeld;
    }

    /// @notice Rules of demands for bytes.
    /// @param clockSeconds time to answer, in seconds
    /// @param clockBlocks time to answer, in blocks
    /// @param extensions how often one clock may be extended by its own length
    /// @param maxRange most bytes that one demand may name
    /// @param gasPerByte gas of an answer for each byte shown
    /// @param gasBase gas of an answer besides its bytes
    struct DemandRules {
        uint32 clockSeconds;
        uint32 clockBlocks;
        uint8 extensions;
        uint32 maxRange;
        uint32 gasPerByte;
        uint32 gasBase;
    }

    /// @notice What work that burned MIEL draws from the emission reserve.
    /// @param rho most that a job earns, to all its recipients together, as a share of the MIEL it burned
    /// @param delegators share of the emission for the delegators of the operator, if any
    /// @param data share of the emission for the contributors of the data, if any
    /// @param budget most that the work recorded in a day draws from the reserve (milli-MIEL)
    struct EmissionRules {
        uint16 rho;
        uint16 delegators;
        uint16 data;
        uint40 budget;
    }

    /// @notice How often work is audited, by whom at what risk, and what that pays.
    /// @param saving what not computing saves, as a share of the fee
    /// @param lazy share of drawn auditors assumed to pass a wrong claim
    /// @param margin factor by which the audit probability lies above its bound (basis points, 10,000 or more)
    /// @param least the audit probability is never lower
    /// @param leaves claims drawn of a batch that is audited
    /// @param pay share of the verification fees that audits pay out, planted ones too
    /// @param planted planted faults for each true audit
    /// @param lock what an auditor has at stake in one audit (milli-MIEL)
    /// @param missed share of that lock that is burned when an audit did not come
    /// @param cost what not computing one claim saves where its fee is in another token than MIEL (milli-MIEL)
    struct AuditRules {
        uint16 saving;
        uint16 lazy;
        uint16 margin;
        uint16 least;
        uint8 leaves;
        uint16 pay;
        uint16 planted;
        uint40 lock;
        uint16 missed;
        uint40 cost;
    }

    /// @notice There is no such epoch.
    error Parameters_Epoch(uint16 epoch);

    /// @notice The epoch of what begins now; the first is 1.
    function epoch() external view returns (uint16);

    /// @notice The epoch of what begins now, or 0 while new jobs and runs are held back. Nothing else can ever be.
    function openEpoch() external view returns (uint16);

    /// @notice Whether new jobs and runs may begin.
    function newJobsAllowed() external view returns (bool);

    /// @notice Rules of accepting and missing a job.
    function jobRules(uint16 epoch) external view returns (JobRules memory);

    /// @notice Shares of a paid fee, to the treasury and to the audit pool, and what is burned of the treasury's where it
    /// is in MIEL.
    function feeRules(uint16 epoch) external view returns (uint16 protocolFee, uint16 verificationFee, uint16 burned);

    /// @notice When a batch is final: the window after submission and the grace after the last answered demand.
    function claimRules(
        uint16 epoch
    ) external view returns (uint32 windowSeconds, uint32 windowBlocks, uint32 graceSeconds, uint32 graceBlocks);

    /// @notice Share of the lock that a conviction takes, and shares of that for challenger and injured; the rest,
    /// half or more, is burned.
    function slashRules(uint16 epoch) external view returns (uint16 slash, uint16 bounty, uint16 compensation);

    /// @notice Rules of demands for bytes.
    function demandRules(uint16 epoch) external view returns (DemandRules memory);

    /// @notice Share of the unspent budget that a run forfeits, burned, when it does not complete.
    function runRules(uint16 epoch) external view returns (uint16 forfeit);

    /// @notice What work that burned MIEL draws from the emission reserve.
    function emissionRules(uint16 epoch) external view returns (EmissionRules memory);

    /// @notice How often work is audited, by whom at what risk, and what that pays.
    function auditRules(uint16 epoch) external view returns (AuditRules memory);

    /// @notice Age of an accusation that a proof may use: at least so many blocks, at most so many seconds.
    function accusationRules() external view returns (uint32 minBlocks, uint32 maxSeconds);
}
