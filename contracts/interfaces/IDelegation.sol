// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Delegation
/// @notice Holders of MIEL back an operator's provision through its pool: their stake is locked and slashed with it,
/// after the operator's own, and shares the fees that its client pays. Shares of a pool are worth the pool's rate, which
/// begins at one and only slashes lower, for all alike, thawing shares among them.
/// @dev What is delegated counts in whole milli-MIEL (1e15 wei); what a share is worth beyond that stays in the pool,
/// and is burned when the last one leaves.
/// Warning: a lock takes effect on what is left of own stake and pool. Who delegates trusts the operator with all of it.
/// A delegator leaves after the thaw, but not while locks taken before it began to leave need its stake; a client whose
/// work has no end holds it without end.
interface IDelegation {
    /// @notice A pool: whose provision it backs; `tokens` is all of it, in milli-MIEL, thawing shares included; `rate`
    /// is what a share is worth, in 1e-18 wei.
    struct PoolView {
        address operator;
        address client;
        address slasher;
        address fees;
        uint48 tokens;
        uint104 shares;
        uint104 thawing;
        uint64 rate;
    }

    /// @notice An account's shares of a pool; those `thawing` are among them, and can be withdrawn from `until` on.
    struct BackingView {
        uint104 shares;
        uint104 thawing;
        uint40 until;
    }

    event PoolOpened(
        uint256 indexed pool,
        address indexed operator,
        address indexed client,
        address slasher,
        address fees,
        uint256 cut
    );
    event Delegated(uint256 indexed pool, address indexed delegator, uint256 amount, uint256 shares);
    event Undelegating(uint256 indexed pool, address indexed delegator, uint256 shares, uint256 until);
    event DelegationWithdrawn(uint256 indexed pool, address indexed delegator, uint256 amount, uint256 shares);
    /// @notice A pool lost an amount of wei, to be burned.
    event PoolSlashed(uint256 indexed pool, uint256 amount, uint256 rate);

    /// @notice This provision has a pool, or another one of the operator's gets what this client pays.
    error Delegation_Exists(uint256 pool);
    /// @notice A cut is at most 10,000 basis points.
    error Delegation_Cut(uint256 cut);
    /// @notice There is no such pool.
    error Delegation_Unknown(uint256 pool);
    /// @notice So little is left of each share that the pool takes no more.
    error Delegation_Ruined(uint256 pool, uint256 rate);
    /// @notice What is delegated stays within four times the operator's own; both in milli-MIEL.
    error Delegation_Limit(uint256 available, uint256 asked);
    /// @notice An account backs at most eight pools.
    error Delegation_TooMany(address delegator);
    /// @notice The account has fewer shares that do not thaw.
    error Delegation_Shares(uint256 available, uint256 asked);
    /// @notice Locks taken earlier still need this stake; both in milli-MIEL.
    error Delegation_Locked(uint256 locked, uint256 covered);

    /// @notice Opens the pool of a provision of the caller's. From then on what this client pays goes to `fees`, of
    /// which the caller gets `cut` basis points and its delegators the rest.
    function openPool(address client, address slasher, uint16 cut) external returns (uint256 pool, address fees);

    /// @notice Delegates an amount of wei, whole milli-MIEL, to a pool.
    function delegateTo(uint256 pool, uint256 amount) external returns (uint256 shares);

    /// @notice Begins to leave: the shares earn no more and back no new lock, but are slashed until withdrawn. Starts
    /// the wait anew for what thaws already.
    function undelegate(uint256 pool, uint256 shares) external;

    /// @notice Pays out what has thawed, at the rate of now.
    function withdrawDelegated(uint256 pool) external;

    /// @notice The pool of a provision; zero where there is none.
    function poolOf(address operator, address client, address slasher) external view returns (uint256);

    /// @notice When the pool of a provision was opened; zero where there is none.
    function poolSince(address operator, address client, address slasher) external view returns (uint40);

    function poolAt(uint256 id) external view returns (PoolView memory);

    function backing(uint256 id, address delegator) external view returns (BackingView memory);

    /// @notice The pools that an account backs.
    function poolsOf(address delegator) external view returns (uint256[] memory);
}
