// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Randomness
/// @notice A value that nobody knows yet, named before it exists. A round is fixed first and drawn later; a round whose
/// value nobody recorded in time is expired for ever and never drawn again, so waiting for a better one is no choice.
/// @dev Whoever uses an expired round does what costs the one who could have gained: a run is void.
/// Warning: whoever makes blocks can hold one back, and so refuse a value at the price of its block; it cannot choose one.
interface IRandomness {
    /// @notice Pending: not there yet, or not recorded. Known: {value} answers. Expired: nobody recorded it in time.
    enum Status {
        Pending,
        Known,
        Expired
    }

    event Recorded(uint256 indexed round, bytes32 value);

    /// @notice The block does not exist yet, or its hash can no longer be had.
    error Randomness_NoHash(uint256 round);
    /// @notice These bytes are not the header of that block.
    error Randomness_Header(uint256 round, bytes32 hash);
    /// @notice The value is known already.
    error Randomness_Recorded(uint256 round);
    /// @notice The round is pending or expired.
    error Randomness_Unknown(uint256 round);

    /// @notice The round that is drawn for what is fixed now.
    function next() external view returns (uint256 round);

    /// @notice The round that was drawn for what was fixed in this block, at this second: what {next} answered then.
    function roundFor(uint256 blockNumber, uint256 time) external view returns (uint256 round);

    /// @notice Where a round stands.
    function status(uint256 round) external view returns (Status);

    /// @notice The value of a known round; reverts for others.
    function value(uint256 round) external view returns (bytes32);

    /// @notice Records the value of a round. For anyone.
    /// @param proof what shows it: a block's RLP-encoded header, or drand's signature of the round
    function record(uint256 round, bytes calldata proof) external;
}
