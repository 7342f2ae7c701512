// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDrandRandomness} from "../interfaces/IDrandRandomness.sol";
import {IRandomness} from "../interfaces/IRandomness.sol";
import {Bn254, G1, G2} from "./Bn254.sol";
import {HashToG1} from "./HashToG1.sol";

/// @notice Rules, limits and warnings: {IDrandRandomness}.
contract DrandRandomness is IDrandRandomness {
    uint256 private immutable GENESIS;
    uint256 private immutable PERIOD;
    uint256 private immutable MARGIN;
    uint256 private immutable LIFETIME;
    uint256 private immutable KEY_X_IM;
    uint256 private immutable KEY_X_RE;
    uint256 private immutable KEY_Y_IM;
    uint256 private immutable KEY_Y_RE;
    bytes32 private immutable TAG_0;
    bytes32 private immutable TAG_1;
    uint256 private immutable TAG_LENGTH;

    mapping(uint256 round => bytes32) private _values;

    /// @param genesis when the network's first round is published, in seconds
    /// @param period seconds from a round to the next
    /// @param key the network's public key
    /// @param tag domain separation tag of its signatures
    /// @param margin seconds that the round named for now lies ahead, at least
    /// @param lifetime seconds after a round's time in which it can be recorded
    constructor(uint64 genesis, uint32 period, G2 memory key, bytes memory tag, uint32 margin, uint32 lifetime) {
        require(period != 0 && tag.length != 0 && tag.length <= 64, DrandRandomness_Network());
        require(key.xIm | key.xRe | key.yIm | key.yRe != 0, DrandRandomness_Key());
        // The precompile refuses what is no point of G2's group.
        Bn254.pairsEqual(Bn254.g1(), key, Bn254.g1(), key);
        (GENESIS, PERIOD, MARGIN, LIFETIME) = (genesis, period, margin, lifetime);
        (KEY_X_IM, KEY_X_RE, KEY_Y_IM, KEY_Y_RE) = (key.xIm, key.xRe, key.yIm, key.yRe);
        (TAG_0, TAG_1) = abi.decode(abi.encodePacked(tag, new bytes(64)), (bytes32, bytes32));
        TAG_LENGTH = tag.length;
    }

    /// @inheritdoc IRandomness
    function record(uint256 round, bytes calldata proof) external {
        require(_values[round] == 0, Randomness_Recorded(round));
        uint256 from = timeOf(round);
        uint256 until = from + LIFETIME;
        require(block.timestamp >= from && block.timestamp <= until, DrandRandomness_Time(round, from, until));
        require(proof.length == 64, DrandRandomness_Signature(round));
        G1 memory signature = abi.decode(proof, (G1));
        require(Bn254.isOnG1(signature), DrandRandomness_Signature(round));
        G1 memory message = HashToG1.hash(abi.encodePacked(keccak256(abi.encodePacked(uint64(round)))), _tag());
        G2 memory key = G2(KEY_X_IM, KEY_X_RE, KEY_Y_IM, KEY_Y_RE);
        require(Bn254.pairsEqual(signature, Bn254.g2(), message, key), DrandRandomness_Signature(round));
        bytes32 word = sha256(proof);
        _values[round] = word;
        emit Recorded(round, word);
    }

    /// @inheritdoc IRandomness
    function next() external view returns (uint256) {
        return roundFor(block.number, block.timestamp);
    }

    /// @inheritdoc IRandomness
    function roundFor(uint256, uint256 time) public view returns (uint256) {
        uint256 from = time + MARGIN;
        return from <= GENESIS ? 1 : (from - GENESIS + PERIOD - 1) / PERIOD + 1;
    }

    /// @inheritdoc IRandomness
    function status(uint256 round) external view returns (Status) {
        if (_values[round] != 0) return Status.Known;
        return block.timestamp > timeOf(round) + LIFETIME ? Status.Expired : Status.Pending;
    }

    /// @inheritdoc IRandomness
    function value(uint256 round) external view returns (bytes32 word) {
        word = _values[round];
        require(word != 0, Randomness_Unknown(round));
    }

    /// @inheritdoc IDrandRandomness
    function timeOf(uint256 round) public view returns (uint256) {
        require(round != 0 && round <= type(uint64).max, DrandRandomness_Round(round));
        return GENESIS + (round - 1) * PERIOD;
    }

    function _tag() private view returns (bytes memory tag) {
        tag = abi.encodePacked(TAG_0, TAG_1);
        uint256 length = TAG_LENGTH;
        assembly ("memory-safe") {
            mstore(tag, length)
        }
    }
}
