// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRandomness} from "./IRandomness.sol";

/// @title DrandRandomness
/// @notice Rounds of a drand network of the scheme bls-bn254-unchained-on-g1, verified here: a round's proof is the
/// network's signature (x ‖ y, 32 bytes each) of keccak256(round as 8 bytes), its value sha256 of those 64 bytes, as drand
/// defines them. A point has one encoding and a message one signature, so there is one value that can be recorded.
/// @dev Warning: this trusts that fewer than drand's threshold of operators act together; together they know values
/// early and can withhold them. And where a chain's clock lags behind the world's by more than the margin, a round that
/// is named now is known already: choose a margin above any such lag.
interface IDrandRandomness is IRandomness {
    /// @notice The key is infinity.
    error DrandRandomness_Key();
    /// @notice Rounds last at least a second, and a domain separation tag is 1 to 64 bytes long.
    error DrandRandomness_Network();
    /// @notice There is no such round: they count from 1, in 64 bits.
    error DrandRandomness_Round(uint256 round);
    /// @notice The round is recorded from its own time on, until it is expired.
    error DrandRandomness_Time(uint256 round, uint256 from, uint256 until);
    /// @notice These bytes are not the network's signature of that round.
    error DrandRandomness_Signature(uint256 round);

    /// @notice When drand publishes a round, in seconds.
    function timeOf(uint256 round) external view returns (uint256);
}
