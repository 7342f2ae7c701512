// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IRunRules} from "../interfaces/IRunRules.sol";
import {ITrainingRegistry} from "../interfaces/ITrainingRegistry.sol";
import {Bytes} from "../referee/lib/Bytes.sol";
import {Elements} from "../referee/lib/Elements.sol";
import {Interface} from "../referee/lib/Interface.sol";
import {Header, Program} from "../referee/lib/Program.sol";
import {Tags} from "../referee/lib/Tags.sol";
import {TensorType} from "../referee/lib/TensorType.sol";

/// @notice Whether programs have the inputs and outputs that a run needs of them.
library ProgramFit {
    /// @notice Reverts with the rule of {IRunRules-RunRules_Program} that is broken.
    function check(ITrainingRegistry.Terms memory terms, bytes32 typesHash, bytes calldata programs) internal pure {
        (uint256 pointer, uint256 end) = Bytes.bounds(programs);
        uint256 n = terms.tensors;
        bytes calldata step;
        uint256 inputs;
        (step, inputs, pointer) = _read(pointer, terms.programId);
        require(inputs > n + 1 && _outputs(step, n), IRunRules.RunRules_Program(2));
        TensorType schedule = Interface.input(step, n);
        require(schedule.dtype() == Elements.FLOAT32 && schedule.rank() == 1, IRunRules.RunRules_Program(3));
        require(_columns(step, n + 1, inputs, terms.batch) == typesHash, IRunRules.RunRules_Program(4));
        if (terms.seats > 1) {
            bytes calldata aggregation;
            (aggregation, inputs, pointer) = _read(pointer, terms.aggregationProgramId);
            require(inputs == 3 * n + 1 && _outputs(aggregation, n - 1), IRunRules.RunRules_Program(2));
            for (uint256 i = 0; i < 3 * n; ++i) {
                require(
                    _digest(Interface.input(aggregation, i)) == _digest(Interface.input(step, i % n)),
                    IRunRules.RunRules_Program(5)
                );
            }
            TensorType share = Interface.input(aggregation, 3 * n);
            require(share.dtype() == Elements.FLOAT32 && share.elements() == 1, IRunRules.RunRules_Program(6));
        }
        if (terms.scoreProgramId != 0) {
            bytes calldata score;
            (score, inputs, pointer) = _read(pointer, terms.scoreProgramId);
            require(inputs > n, IRunRules.RunRules_Program(2));
            for (uint256 i = 0; i < n; ++i) {
                require(
                    _digest(Interface.input(score, i)) == _digest(Interface.input(step, i)),
                    IRunRules.RunRules_Program(5)
                );
            }
            require(_columns(score, n, inputs, terms.batch) == typesHash, IRunRules.RunRules_Program(4));
        }
        require(pointer == end, IRunRules.RunRules_Program(1));
    }

    function _read(
        uint256 pointer,
        bytes32 programId
    ) private pure returns (bytes calldata face, uint256 inputs, uint256 next) {
        Header header = Header.wrap(pointer);
        uint256 length = Bytes.u16(pointer + Program.HEADER);
        face = Bytes.slice(pointer + Program.HEADER + 2, length);
        next = pointer + Program.HEADER + 2 + length;
        inputs = header.inputCount();
        require(
            header.id() == programId &&
                Tags.hash(Tags.INTERFACE, pointer + Program.HEADER + 2, length) == header.interfaceHash() &&
                Interface.sound(face, inputs, header.valueCount()),
            IRunRules.RunRules_Program(1)
        );
    }

    function _outputs(bytes calldata face, uint256 last) private pure returns (bool exists) {
        (exists, ) = Interface.output(face, last);
    }

    /// @dev keccak256 of (dtype u8 ‖ rank u8 ‖ row dims u32…) of the columns; zero where one is not a batch of rows.
    function _columns(
        bytes calldata face,
        uint256 first,
        uint256 inputs,
        uint256 batch
    ) private pure returns (bytes32) {
        bytes memory types;
        for (uint256 i = first; i < inputs; ++i) {
            TensorType kind = Interface.input(face, i);
            if (kind.rank() == 0 || kind.dim(0) != batch) return 0;
            uint256 dims = TensorType.unwrap(kind) + 10;
            types = abi.encodePacked(
                types,
                uint8(kind.dtype()),
                uint8(kind.rank() - 1),
                Bytes.slice(dims, kind.end() - dims)
            );
        }
        return keccak256(types);
    }

    function _digest(TensorType kind) private pure returns (bytes32) {
        uint256 first = TensorType.unwrap(kind);
        return Bytes.digest(first, kind.end() - first);
    }
}
