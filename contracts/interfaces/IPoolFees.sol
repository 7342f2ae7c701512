// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title PoolFees
/// @notice What a client pays an operator that opened a pool, divided between the operator's cut and the shares that do
/// not thaw. A clone for each pool.
/// @dev Every token that comes in is divided by the shares and the cut of the moment in which it is noticed: whenever
/// shares change, when somebody claims or calls {divide}. What a division leaves waits for the next one.
/// Warning: a token that was not admitted waits until it is; at most four are. A token that lies about its balance
/// spoils its own account and no other's.
interface IPoolFees {
    event Admitted(address indexed token);
    event CutAnnounced(uint256 cut, uint256 from);
    event Divided(address indexed token, uint256 amount, uint256 cut);
    event Claimed(address indexed token, address indexed account, uint256 amount);

    /// @notice Only this caller may.
    error PoolFees_Caller(address caller, address expected);
    /// @notice Admitted already, or as many as can be are.
    error PoolFees_Admitted(address token, uint256 count);
    /// @notice The token is not admitted.
    error PoolFees_Token(address token);
    /// @notice A cut is at most 10,000 basis points.
    error PoolFees_Cut(uint256 cut);
    /// @notice There are no shares that a reward could go to.
    error PoolFees_NoShares();
    /// @notice The account has earned nothing of it that was not paid.
    error PoolFees_Nothing(address token, address account);

    /// @notice For the operator: admits a token that delegators earn.
    function admit(address token) external;

    /// @notice For the operator: another cut, in basis points, from one thaw ahead.
    function announceCut(uint16 cut) external;

    /// @notice Divides what came in of a token. For anyone.
    function divide(address token) external;

    /// @notice Takes `amount` from the caller for the delegators alone: divided among the shares of the moment, without the
    /// operator's cut. For anyone.
    function reward(address token, uint256 amount) external;

    /// @notice Pays an account what it earned. For anyone.
    function claim(address token, address account) external returns (uint256 amount);

    /// @notice For the staking contract, before shares change: divides all that came in and credits the account.
    /// @param shares of the account, those that do not thaw
    /// @param total of all accounts
    function settle(address account, uint256 shares, uint256 total) external;

    /// @notice What {claim} would pay if nothing more came in.
    function claimable(address token, address account) external view returns (uint256);

    /// @notice Whether {reward} takes this token now: it is admitted, and there are shares.
    function rewardable(address token) external view returns (bool);

    /// @notice The cut of now, the one that was announced, and from when that holds.
    function terms() external view returns (uint16 cut, uint16 next, uint40 from);

    function tokens() external view returns (address[] memory);

    function operator() external view returns (address);

    function pool() external view returns (uint256);
}
