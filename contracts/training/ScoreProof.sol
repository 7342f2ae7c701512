// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IScoredRounds} from "../interfaces/IScoredRounds.sol";
import {Bytes} from "../referee/lib/Bytes.sol";
import {ClaimLib} from "../referee/lib/Claim.sol";
import {Elements} from "../referee/lib/Elements.sol";
import {Interface} from "../referee/lib/Interface.sol";
import {Merkle} from "../referee/lib/Merkle.sol";
import {Openings} from "../referee/lib/Openings.sol";
import {Header, Program} from "../referee/lib/Program.sol";
import {Tags} from "../referee/lib/Tags.sol";
import {StepProof} from "./StepProof.sol";

/// @notice Opens the two losses of a score, as {IScoredRounds-score} takes them.
library ScoreProof {
    /// @notice Batch root of the two claims, and the bits of their losses.
    function open(
        bytes calldata proof,
        bytes32 programId
    ) internal pure returns (bytes32 batchRoot, uint256 before, uint256 later) {
        (uint256 pointer, uint256 end) = Bytes.bounds(proof);
        Header header = Header.wrap(pointer);
        require(header.id() == programId, IScoredRounds.ScoredRounds_Proof());
        (bytes calldata face, uint256 next) = StepProof.interfaceOf(header, pointer + Program.HEADER);
        (, uint256 value) = Interface.output(face, 0);
        bytes32 first;
        bytes32 second;
        (first, before, next) = _claim(header, value, next);
        (second, later, next) = _claim(header, value, next);
        require(next == end, IScoredRounds.ScoredRounds_Proof());
        batchRoot = keccak256(abi.encode(first, second));
    }

    function _claim(
        Header header,
        uint256 value,
        uint256 pointer
    ) private pure returns (bytes32 claim, uint256 bits, uint256 next) {
        claim = ClaimLib.hash(header.id(), pointer);
        next = pointer + 96;
        bits = Elements.read(next, 4);
        bytes memory chunk = new bytes(Openings.CHUNK);
        for (uint256 i = 0; i < 4; ++i) chunk[i] = bytes1(uint8(bits >> (8 * i)));
        bytes32 loss = keccak256(
            abi.encodePacked(Tags.TENSOR, uint8(Elements.FLOAT32), uint32(0), uint8(0), sha256(chunk))
        );
        bytes32 trace;
        (trace, next) = Merkle.up(loss, value, header.valueCount(), next + 4);
        require(trace == Bytes.word(pointer + 32), IScoredRounds.ScoredRounds_Proof());
    }
}
